using CnnCodegen.Generator.Tests.Reading;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0015TuningOutdatedTests
{
    [Fact]
    public void A_layer_that_is_gone_is_reported()
    {
        Diagnostic diagnostic = Assert.Single(TuningFiles.Run("""{ "network": "Demo.Net", "algorithms": { "portable": { "gone": "direct" }, "avx2": { "b": "reference" } } }""").Diagnostics);

        Assert.Equal(("CNN0015", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal(
            "Net.tuning.json, layer 'gone' for portable Vector128: the network has no such layer; the compiler chooses, until 'cnncodegen tune' writes the file again",
            diagnostic.GetMessage());
    }

    [Fact]
    public void An_algorithm_that_does_not_suit_is_reported()
    {
        Diagnostic diagnostic = Assert.Single(TuningFiles.Run("""{ "network": "Demo.Net", "algorithms": { "portable": { "b": "magic" } } }""").Diagnostics);

        Assert.Contains("layer 'b' for portable Vector128: magic cannot be used: there is no such algorithm;", diagnostic.GetMessage());
    }
}
