using CnnCodegen.Generator.Planning;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>What a tuning file changes.</summary>
public class TuningTests
{
    [Fact]
    public void A_layer_gets_the_algorithm_that_measured_best()
    {
        IReadOnlyList<StepPlan> steps = Steps(TuningFiles.Run("""{ "network": "Demo.Net", "algorithms": { "portable": { "b": "reference" } } }"""));

        Assert.Equal(["direct", "reference"], steps.Where(s => s.Macs > 0).Select(s => s.Kernel.Algorithm));
        Assert.Equal("plain loops over dense tensors, measured best (Net.tuning.json)", steps.Last(s => s.Macs > 0).Reason);
    }

    [Theory]
    [InlineData("""{ "network": "Demo.Net", "algorithms": { "avx2": { "b": "reference" } } }""", new string[0])]
    [InlineData("""{ "network": "Demo.Other", "algorithms": { "portable": { "b": "reference" } } }""", new[] { "CNN0019" })]
    public void Other_instruction_sets_and_networks_do_not_matter(string text, string[] diagnostics)
    {
        GeneratorRun run = TuningFiles.Run(text);

        Assert.Equal(diagnostics, run.Diagnostics.Select(d => d.Id));
        Assert.Equal(["direct", "direct"], Steps(run).Where(s => s.Macs > 0).Select(s => s.Kernel.Algorithm));
    }

    [Fact]
    public void Layer_names_with_a_slash_are_read() => Assert.Contains(
        "layer 'fire2/conv'",
        Assert.Single(TuningFiles.Run("""{ "network": "Demo.Net", "algorithms": { "portable": { "fire2/conv": "direct" } } }""").Diagnostics).GetMessage());

    private static IReadOnlyList<StepPlan> Steps(GeneratorRun run) => Assert.Single(Definition.Plans(run)).Steps;
}
