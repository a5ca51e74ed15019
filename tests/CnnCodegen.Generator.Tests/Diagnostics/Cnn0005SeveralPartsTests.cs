namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0005SeveralPartsTests
{
    [Fact]
    public void All_attributes_stand_on_one_part() => Definition.Reports("CNN0005",
        "network 'Net' has attributes in several parts of the class, whose order is not defined; write them all in the part that has [Network]",
        """
        using CnnCodegen;
        [Network, Input("x", 3), Relu]
        public partial class Net;
        [{|Tanh|}]
        public partial class Net;
        """);
}
