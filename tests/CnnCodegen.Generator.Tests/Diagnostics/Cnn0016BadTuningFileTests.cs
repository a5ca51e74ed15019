using CnnCodegen.Generator.Tests.Reading;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0016BadTuningFileTests
{
    [Theory]
    [InlineData("{}", "it has no \"network\"")]
    [InlineData("""{ "network": "Demo.Net" }""", "it has no \"algorithms\"")]
    [InlineData("[1, 2", "it is no JSON")]
    [InlineData("7", "it has no \"network\"")]
    [InlineData("""{ "network": 7, "algorithms": {} }""", "it has no \"network\" that is a name")]
    [InlineData("""{ "network": "Demo.Net", "algorithms": ["avx2"] }""", "it has no \"algorithms\" that are an object")]
    [InlineData("""{ "network": "Demo.Net", "algorithms": { "axv2": { "b": "direct" } } }""", "'axv2' is no instruction set; avx512, avx2, portable are")]
    [InlineData("""{ "network": "Demo.Net", "algorithms": { "avx2": "direct" } }""", "\"avx2\" is no object with an algorithm for each layer")]
    [InlineData("""{ "network": "Demo.Net", "algorithms": { "avx2": { "b": { "c": "direct" } } } }""", "layer 'b' for avx2 has no name of an algorithm")]
    [InlineData(" ", "it is empty")]
    public void A_file_without_its_parts_is_reported(string text, string reason)
    {
        Diagnostic diagnostic = Assert.Single(TuningFiles.Run(text).Diagnostics);

        Assert.Equal(("CNN0016", Location.None), (diagnostic.Id, diagnostic.Location));
        Assert.StartsWith($"Net.tuning.json: {reason}", diagnostic.GetMessage());
        Assert.EndsWith("; write it with 'cnncodegen tune'", diagnostic.GetMessage());
    }

    [Fact]
    public void A_second_file_for_a_network_is_reported()
    {
        const string text = """{ "network": "Demo.Net", "algorithms": {} }""";

        Diagnostic diagnostic = Assert.Single(TuningFiles.Run([("B.tuning.json", text), ("A.tuning.json", text)]).Diagnostics);

        Assert.Equal("B.tuning.json: A.tuning.json is for the network Demo.Net too; write it with 'cnncodegen tune'", diagnostic.GetMessage());
    }
}
