using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0013UnknownTargetIsaTests
{
    [Fact]
    public void An_unknown_value_is_reported_for_the_project()
    {
        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run("", targetIsa: "sse").Diagnostics);

        Assert.Equal("CNN0013", diagnostic.Id);
        Assert.Equal("the project property CnnTargetIsa is 'sse'; it must be auto, avx512, avx2 or portable", diagnostic.GetMessage());
        Assert.Equal(Location.None, diagnostic.Location);
    }
}
