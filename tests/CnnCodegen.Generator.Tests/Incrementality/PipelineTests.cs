using CnnCodegen.Generator.Model;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Incrementality;

/// <summary>What the driver recomputes after an edit.</summary>
public class PipelineTests
{
    private static readonly string Source = Definition.Source("""
        [Network]
        [Input("x", 3, 8, 8)]
        [Conv("a", 4, Kernel = 3), Relu]
        [Linear("b", 10)]
        """);

    [Fact]
    public void A_comment_changes_no_model() => Edit.After(Source, "// A comment.\n" + Source)
        .Has(TrackingNames.Read, IncrementalStepRunReason.Unchanged)
        .Has(TrackingNames.Model, IncrementalStepRunReason.Cached);

    [Fact]
    public void Code_beside_the_network_changes_no_model() => Edit.After(Source, Source + "\npublic class Other { public int Value => 1; }")
        .Has(TrackingNames.Read, IncrementalStepRunReason.Unchanged)
        .Has(TrackingNames.Model, IncrementalStepRunReason.Cached);

    [Fact]
    public void Another_spelling_of_the_same_layers_changes_no_model() => Edit.After(Source, Source.Replace("10)", "2 * 5, Bias = true)"))
        .Has(TrackingNames.Model, IncrementalStepRunReason.Cached);

    [Fact]
    public void An_edited_layer_changes_the_model() => Edit.After(Source, Source.Replace("10)", "11)"))
        .Has(TrackingNames.Read, IncrementalStepRunReason.Modified)
        .Has(TrackingNames.Model, IncrementalStepRunReason.Modified);

    [Fact]
    public void A_diagnostic_that_moves_changes_no_model()
    {
        string source = Source.Replace("[Linear(", "[Linear(\"c\", 10, From = \"a\")]\n[Linear(").Replace("\"b\", 10", "\"b\", 10, From = \"a\"");

        Edit.After(source, "// A comment.\n" + source)
            .Has(TrackingNames.Read, IncrementalStepRunReason.Modified)
            .Has(TrackingNames.Model, IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void An_edit_of_one_network_leaves_the_others()
    {
        string source = Source + "\n[Network, Input(\"x\", 3), Relu] partial class Second;";

        GeneratorRun run = Edit.After(source, source.Replace("10)", "11)"));

        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Edit.Reasons(run, TrackingNames.Model));
    }

    [Fact]
    public void Another_target_changes_the_settings_and_no_model()
    {
        GeneratorRun run = GeneratorHost.Run(Source);
        GeneratorDriver driver = run.Driver.WithUpdatedAnalyzerConfigOptions(GeneratorHost.Settings("avx2"));

        GeneratorHost.Run(driver, GeneratorHost.Compile(Source))
            .Has(TrackingNames.Settings, IncrementalStepRunReason.Modified)
            .Has(TrackingNames.Model, IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Equal_sources_give_equal_models()
    {
        NetworkModel first = Assert.Single(Definition.Models(GeneratorHost.Run(Source)));
        NetworkModel second = Assert.Single(Definition.Models(GeneratorHost.Run(Source)));

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }
}
