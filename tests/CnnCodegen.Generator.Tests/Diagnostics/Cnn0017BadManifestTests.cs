using CnnCodegen.Generator.Tests.Reading;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0017BadManifestTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("[1, 2", "it is no JSON")]
    [InlineData("{}", "it has no \"weights\" that are the name of a file")]
    [InlineData("""{ "weights": "other.safetensors" }""", "it has no \"nonZeros\" that are an object")]
    [InlineData("""{ "weights": "other.safetensors", "nonZeros": { "fc/1.weight": 7 } }""", "tensor 'fc/1.weight' has no text with its bits")]
    [InlineData("""{ "weights": "other.safetensors", "nonZeros": { "fc.weight": "?" } }""", "the bits of tensor 'fc.weight' are not in base64")]
    public void A_file_without_its_parts_is_reported(string text, string reason)
    {
        Diagnostic diagnostic = Assert.Single(ManifestFiles.Run([("net.weights.json", ManifestFiles.Manifest), ("bad.weights.json", text)]).Diagnostics);

        Assert.Equal(("CNN0017", Location.None), (diagnostic.Id, diagnostic.Location));
        Assert.StartsWith($"bad.weights.json: {reason}", diagnostic.GetMessage());
        Assert.EndsWith("; delete it, and build again", diagnostic.GetMessage());
    }

    [Fact]
    public void A_second_manifest_of_a_file_is_reported()
    {
        Diagnostic diagnostic = Assert.Single(ManifestFiles.Run([("B.weights.json", ManifestFiles.Manifest), ("A.weights.json", ManifestFiles.Manifest)]).Diagnostics);

        Assert.Equal("B.weights.json: A.weights.json is for the weight file net.safetensors too; delete it, and build again", diagnostic.GetMessage());
    }
}
