using CnnCodegen.Generator.Planning;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Incrementality;

/// <summary>Runs a driver before and after an edit, and tells what the second run did again.</summary>
internal static class Edit
{
    /// <summary>The run on a project of one file after that file was edited.</summary>
    public static GeneratorRun After(string source, string edited)
    {
        Compilation project = GeneratorHost.Compile(source);
        GeneratorRun run = GeneratorHost.Run(GeneratorHost.CreateDriver(), project);
        return GeneratorHost.Run(run.Driver, project.ReplaceSyntaxTree(project.SyntaxTrees.Single(), GeneratorHost.Parse(edited)));
    }

    /// <summary>What became of everything that left a step.</summary>
    public static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run, string step) =>
        run.Result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(output => output.Reason);

    /// <summary>What became of all generated files.</summary>
    public static IEnumerable<IncrementalStepRunReason> Files(GeneratorRun run) =>
        run.Result.TrackedOutputSteps.Values.SelectMany(steps => steps).SelectMany(step => step.Outputs).Select(output => output.Reason);

    /// <summary>The classes of the kernels whose file was written again.</summary>
    public static IEnumerable<string> EmittedKernels(GeneratorRun run) =>
        from step in run.Result.TrackedOutputSteps.Values.SelectMany(steps => steps)
        where step.Outputs.Any(output => output.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified)
        from input in step.Inputs
        where input.Source.Name == TrackingNames.Kernel
        select (((Model.NetworkType, KernelPlan Kernel))input.Source.Outputs[input.OutputIndex].Value).Kernel.ClassName;

    /// <summary>Checks what became of the only value that left a step.</summary>
    public static GeneratorRun Has(this GeneratorRun run, string step, IncrementalStepRunReason reason)
    {
        Assert.Equal([reason], Reasons(run, step));
        return run;
    }
}
