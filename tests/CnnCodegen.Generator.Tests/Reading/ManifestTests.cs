using CnnCodegen.Generator.Algorithms.Unrolled;
using CnnCodegen.Generator.Tests.Incrementality;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>What a manifest of weights changes.</summary>
public class ManifestTests
{
    [Fact]
    public void The_places_are_written_into_the_code()
    {
        GeneratorRun run = ManifestFiles.Run(ManifestFiles.Manifest);

        Assert.Empty(run.Diagnostics);
        UnrolledLinearPlan kernel = Assert.IsType<UnrolledLinearPlan>(Assert.Single(Definition.Kernels(run)).Kernel);
        Assert.Equal([0, 6], kernel.Weights.Where(w => w >= 0));
    }

    [Fact]
    public void An_edited_manifest_plans_its_own_networks_only()
    {
        string second = ManifestFiles.Network.Replace("net.safetensors", "other.safetensors").Replace("class Net", "class Second").Replace("using CnnCodegen;", "").Replace("namespace Demo;", "");
        InMemoryFile other = new("other.weights.json", ManifestFiles.Manifest.Replace("net.", "other.")), before = new("net.weights.json", ManifestFiles.Manifest);
        GeneratorRun run = GeneratorHost.Run(ManifestFiles.Network + second, "portable", files: [before, other]);

        run = GeneratorHost.Run(run.Driver.ReplaceAdditionalText(before, new InMemoryFile("net.weights.json", ManifestFiles.Manifest.Replace("QQ", "QA"))), run.Output.RemoveSyntaxTrees(run.Output.SyntaxTrees.Skip(1)));

        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], Edit.Reasons(run, TrackingNames.Plan));
        Assert.Equal([6], Definition.Plans(run)[0].Kernels.OfType<UnrolledLinearPlan>().Single().Weights.Where(w => w >= 0));
    }

    [Fact]
    public void A_network_without_such_layers_does_not_care()
    {
        GeneratorRun run = ManifestFiles.Run(ManifestFiles.Manifest, ManifestFiles.Network.Replace(", Unroll = true", ""));

        Assert.Null(Assert.Single(Definition.Plans(run)).Model.Manifest);
    }
}
