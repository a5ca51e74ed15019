namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0001NotPartialTests
{
    [Fact]
    public void A_class_must_be_partial() => Definition.Reports("CNN0001",
        "'Net' is a network; declare it partial, so that its code can be generated into it",
        """
        using CnnCodegen;
        [Network, Input("x", 3), Relu]
        public class {|Net|} { }
        """);
}
