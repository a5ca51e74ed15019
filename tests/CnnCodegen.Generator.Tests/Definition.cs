using System.Text.RegularExpressions;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests;

/// <summary>Runs the generator on the attributes of a class <c>Demo.Net</c> and looks at what it has read.</summary>
internal static class Definition
{
    public static string Source(string attributes) => $"""
        using CnnCodegen;

        namespace Demo;

        {attributes}
        public sealed partial class Net;
        """;

    /// <summary>The models that left the pipeline's model step.</summary>
    public static IReadOnlyList<NetworkModel> Models(GeneratorRun run) => Outputs<NetworkModel>(run, TrackingNames.Model);

    /// <summary>The plans that left the pipeline's plan step.</summary>
    public static IReadOnlyList<NetworkPlan> Plans(GeneratorRun run) => Outputs<NetworkPlan>(run, TrackingNames.Plan);

    /// <summary>The kernels that left the pipeline's kernel step, each with its class.</summary>
    public static IReadOnlyList<(NetworkType Type, KernelPlan Kernel)> Kernels(GeneratorRun run) => Outputs<(NetworkType, KernelPlan)>(run, TrackingNames.Kernel);

    /// <summary>What left a step of the pipeline.</summary>
    public static IReadOnlyList<T> Outputs<T>(GeneratorRun run, string step) =>
        run.Result.TrackedSteps.TryGetValue(step, out var steps)
            ? steps.SelectMany(s => s.Outputs).Where(output => output.Reason != IncrementalStepRunReason.Removed).Select(output => (T)output.Value).ToArray()
            : [];

    /// <summary>The model of a definition without any fault.</summary>
    public static NetworkModel Read(string attributes)
    {
        GeneratorRun run = GeneratorHost.Run(Source(attributes));
        Assert.Empty(run.CompilerDiagnostics);
        Assert.Empty(run.Diagnostics);
        return Assert.Single(Models(run));
    }

    /// <summary>Checks that the attributes are read as the nodes that <paramref name="expected"/> builds.</summary>
    public static void Reads(string attributes, Action<NetworkBuilder> expected, params int[] outputs)
    {
        NetworkBuilder builder = new();
        expected(builder);
        Assert.Equal(builder.Build(new NetworkType("Demo", "Net"), outputs), Read("[Network]\n" + attributes));
    }

    /// <summary>
    /// Checks that the only fault of a source text is at the marked place: <c>[Conv("c", 4, Kernel = 3), {|Relu("c")|}]</c>.
    /// </summary>
    public static void Reports(string id, string message, string markedSource, bool allowUnsafe = true)
    {
        (string source, IReadOnlyList<string> marked) = Unmark(markedSource);
        GeneratorRun run = GeneratorHost.Run(source, allowUnsafe: allowUnsafe);
        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal((id, message), (diagnostic.Id, diagnostic.GetMessage()));
        Assert.Equal(Assert.Single(marked), Text(diagnostic));
        Assert.Equal(diagnostic.Severity == DiagnosticSeverity.Error ? 0 : 1, Models(run).Count);
    }

    /// <summary>The same for attributes that stand on <c>Demo.Net</c> behind <c>[Network]</c>.</summary>
    public static void LayersReport(string id, string message, string markedAttributes) =>
        Reports(id, message, Source("[Network]\n" + markedAttributes));

    /// <summary>The source text that a diagnostic points at.</summary>
    public static string Text(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    private static (string Source, IReadOnlyList<string> Marked) Unmark(string source) =>
        (source.Replace("{|", "").Replace("|}", ""), Regex.Matches(source, @"\{\|(.*?)\|\}", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToArray());
}
