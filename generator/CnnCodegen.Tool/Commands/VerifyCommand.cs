using System.Collections.Concurrent;
using System.CommandLine;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen verify PATH...</c>: compares models with recorded outputs.</summary>
internal static class VerifyCommand
{
    /// <summary>Cases at a time: enough to keep the compiler busy, and few enough for the memory of large models.</summary>
    private const int Parallel = 2;

    public static Command Create()
    {
        Argument<string[]> paths = new("PATH") { Description = "A folder with model.onnx and test_data_set_* folders, or a parent of such folders.", Arity = ArgumentArity.OneOrMore };
        Option<string> isa = ModelOptions.Isa();
        Option<double> absolute = new("--atol") { Description = "Absolute tolerance.", DefaultValueFactory = _ => 1e-4 };
        Option<double> relative = new("--rtol") { Description = "Relative tolerance.", DefaultValueFactory = _ => 1e-3 };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        return new Command("verify", "Compares models with recorded outputs (the layout of the ONNX backend tests).") { paths, isa, absolute, relative, json }
            .Does((result, terminal) =>
            {
                Tolerance tolerance = new(result.GetValue(absolute), result.GetValue(relative));
                if (!(tolerance is { Absolute: >= 0, Relative: >= 0 })) throw new CommandException("--atol and --rtol must not be negative");
                TestCase[] cases = [.. result.GetRequiredValue(paths).SelectMany(TestCaseFinder.Find)];
                CaseRunner runner = new(ModelOptions.Isa(result, isa, terminal), tolerance);
                bool asJson = result.GetValue(json);
                List<CaseResult> results = [];
                foreach (CaseResult ended in InOrder(cases, runner))
                {
                    results.Add(ended);
                    if (!asJson) terminal.Output.WriteLine(ended);
                }

                VerificationReport report = new(results);
                terminal.Output.WriteLine(asJson ? report.ToJson() : report.Totals);
                return report.Failed == 0 ? 0 : CommandHandler.Failure;
            });
    }

    /// <summary>The results in the order of the cases, each as soon as those before it are there.</summary>
    private static ParallelQuery<CaseResult> InOrder(TestCase[] cases, CaseRunner runner) => Partitioner
        .Create(cases, EnumerablePartitionerOptions.NoBuffering)
        .AsParallel().AsOrdered()
        .WithDegreeOfParallelism(Parallel)
        .WithMergeOptions(ParallelMergeOptions.NotBuffered)
        .Select(runner.Run);
}
