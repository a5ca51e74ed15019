using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0020NoNetworkTests
{
    [Fact]
    public void Layers_of_no_network_are_reported()
    {
        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run(Definition.Source("""[Input("x", 3, 8, 8), Relu]""")).Diagnostics);

        Assert.Equal(("CNN0020", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal("'Net' has an [Input] and no [Network], so no code is generated for it; put [Network] in front of its layers", diagnostic.GetMessage());
    }

    [Fact]
    public void The_part_with_layers_is_named()
    {
        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run("""using CnnCodegen; public partial class Net; [Input("x", 3, 8, 8), Relu] public partial class Net;""").Diagnostics);

        Assert.Equal(93, diagnostic.Location.SourceSpan.Start);
    }

    [Fact]
    public void A_network_on_another_part_is_found() => Assert.DoesNotContain(
        GeneratorHost.Run("""using CnnCodegen; [Network] public partial class Net; [Input("x", 3, 8, 8), Relu] public partial class Net;""").Diagnostics, diagnostic => diagnostic.Id == "CNN0020");
}
