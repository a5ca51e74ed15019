using CnnCodegen.Generator.Tests.Reading;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0018NotUnrolledTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { ManifestFiles.Network, """{ "weights": "other.safetensors", "nonZeros": {} }""", "nothing says which weights are zero; name their file in [Network(Weights = \"FILE\")], and add <CnnWeights Include=\"FILE\" Unroll=\"true\" /> to the project" },
        { ManifestFiles.Network.Replace("(Weights = \"net.safetensors\")", ""), ManifestFiles.Manifest, "nothing says which weights are zero;" },
        { ManifestFiles.Network, """{ "weights": "net.safetensors", "nonZeros": {} }""", "net.safetensors had no tensor 'fc.weight' when net.weights.json was written; build again with the network's weights" },
        { ManifestFiles.Network, """{ "weights": "net.safetensors", "nonZeros": { "fc.weight": "AAE=" } }""", "'fc.weight' of net.safetensors has more than the layer's 8 weights;" },
        { ManifestFiles.Network.Replace("4)", "3000)").Replace("2)", "8)"), ManifestFiles.Manifest.Replace("QQ==", Convert.ToBase64String([.. Enumerable.Repeat((byte)255, 3000)])), "24000 weights take more than 16384 instructions" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_without_known_zeros_is_reported_at_its_attribute(string source, string manifest, string reason)
    {
        Diagnostic diagnostic = Assert.Single(ManifestFiles.Run(manifest, source).Diagnostics);

        Assert.Equal(("CNN0018", DiagnosticSeverity.Error), (diagnostic.Id, diagnostic.Severity));
        Assert.StartsWith("Linear(\"fc\", ", Definition.Text(diagnostic));
        Assert.StartsWith($"Linear 'fc', for portable Vector128: {reason}", diagnostic.GetMessage());
        Assert.EndsWith("; or leave out Unroll", diagnostic.GetMessage());
    }

    [Fact]
    public void A_pinned_convolution_that_may_not_be_unrolled_is_told_how()
    {
        Diagnostic diagnostic = Assert.Single(ManifestFiles.Run("""{ "weights": "a", "nonZeros": {} }""", Definition.Source(
            "[Network, Input(\"x\", 3, 8, 8), Conv(\"c\", 4, Kernel = 3, Algorithm = ConvAlgorithm.Unrolled)]")).Diagnostics);

        Assert.Contains("unrolled cannot be used: nothing says which weights are zero; put Sparse(density, Unroll = true) behind the layer;", diagnostic.GetMessage());
    }
}
