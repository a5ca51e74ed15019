using CnnCodegen.Generator.Tests.Reading;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0019TuningOfNothingTests
{
    [Fact]
    public void A_file_for_a_class_that_is_not_there_is_reported()
    {
        Diagnostic diagnostic = Assert.Single(TuningFiles.Run("""{ "network": "Demo.Old", "algorithms": { "avx2": { "b": "direct" } } }""").Diagnostics);

        Assert.Equal(("CNN0019", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal(
            "Net.tuning.json is for the network Demo.Old, which the project does not have; write the class's full name there, or remove the file",
            diagnostic.GetMessage());
    }
}
