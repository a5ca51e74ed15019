using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Tests.Emission;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Incrementality;

/// <summary>What is planned and written again after an edit.</summary>
public class PlanningTests
{
    private const IncrementalStepRunReason Cached = IncrementalStepRunReason.Cached, Modified = IncrementalStepRunReason.Modified;

    private static readonly string Source = Definition.Source("""
        [Network]
        [Input("x", 3, 8, 8)]
        [Conv("a", 16, Kernel = 3, Padding = 1), Relu]
        [Conv("b", 16, Kernel = 3, Padding = 1), Relu]
        [Linear("c", 10)]
        """);

    public static TheoryData<string> Algorithms => new(AlgorithmCases.Algorithms);

    [Fact]
    public void A_comment_plans_and_writes_nothing()
    {
        GeneratorRun run = Edit.After(Source, "// A comment.\n" + Source);

        Assert.Equal([Cached, Cached, Cached], Edit.Reasons(run, TrackingNames.Plan));
        Assert.All(Edit.Reasons(run, TrackingNames.Kernel), reason => Assert.Equal(Cached, reason));
        Assert.All(Edit.Files(run), reason => Assert.Equal(Cached, reason));
    }

    [Fact]
    public void An_edited_layer_writes_its_own_kernel_only()
    {
        GeneratorRun run = Edit.After(Source, Source.Replace("\"b\", 16, Kernel = 3, Padding = 1), Relu", "\"b\", 16, Kernel = 3, Padding = 1), Tanh"));

        string[] kernels = Edit.EmittedKernels(run).ToArray();
        Assert.Equal([Modified, Modified, Modified], Edit.Reasons(run, TrackingNames.Plan));
        Assert.Equal(3, kernels.Length);
        Assert.All(kernels, kernel => Assert.Contains("_Tanh__", kernel, StringComparison.Ordinal));
    }

    [Fact]
    public void A_renamed_layer_writes_no_kernel()
    {
        GeneratorRun run = Edit.After(Source, Source.Replace("\"b\"", "\"renamed\""));

        Assert.Equal([Modified, Modified, Modified], Edit.Reasons(run, TrackingNames.Plan));
        Assert.Empty(Edit.EmittedKernels(run));
    }

    [Fact]
    public void A_network_beside_the_edited_one_is_left_alone()
    {
        string source = Source + "\n[Network, Input(\"x\", 3), Relu] partial class Second;";

        GeneratorRun run = Edit.After(source, source.Replace("10)", "11)"));

        Assert.Equal([Modified, Modified, Modified, Cached, Cached, Cached], Edit.Reasons(run, TrackingNames.Plan));
        Assert.DoesNotContain(Edit.EmittedKernels(run), kernel => kernel.StartsWith("Relu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_network_leaves_the_others_alone()
    {
        GeneratorRun run = Edit.After(Source, Source + "\n[Network, Input(\"x\", 3), Relu] partial class Second;");

        Assert.Equal([Cached, Cached, Cached], Edit.Reasons(run, TrackingNames.Plan).Take(3));
    }

    [Fact]
    public void Another_target_is_planned_anew()
    {
        GeneratorRun run = GeneratorHost.Run(Source);
        GeneratorDriver driver = run.Driver.WithUpdatedAnalyzerConfigOptions(GeneratorHost.Settings("avx2"));

        run = GeneratorHost.Run(driver, GeneratorHost.Compile(Source));

        Assert.Equal(Isa.Avx2, Assert.Single(Definition.Plans(run)).Isa);
        Assert.All(Definition.Kernels(run), item => Assert.Equal(Isa.Avx2, item.Kernel.Isa));
        Assert.DoesNotContain(run.Sources, source => source.Hint.Contains("Avx512", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Equal_sources_give_equal_plans(string algorithm)
    {
        IReadOnlyList<NetworkPlan> first = Definition.Plans(GeneratorHost.Run(AlgorithmCases.Source(algorithm), files: AlgorithmCases.Manifest));
        IReadOnlyList<NetworkPlan> second = Definition.Plans(GeneratorHost.Run(AlgorithmCases.Source(algorithm), files: AlgorithmCases.Manifest));

        Assert.Equal(3, first.Count);
        Assert.Equal(first, second);
        Assert.Equal(first.Select(plan => plan.GetHashCode()), second.Select(plan => plan.GetHashCode()));
    }
}
