namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0004IncompleteTests
{
    [Fact]
    public void A_network_needs_an_input() => Definition.Reports("CNN0004",
        "network 'Net' has no input; add [Input(\"name\", dimensions behind the batch)] before its layers",
        """
        using CnnCodegen;
        [{|Network|}, Parameter("p", 3), Relu]
        public partial class Net;
        """);

    [Fact]
    public void A_network_needs_a_layer() => Definition.Reports("CNN0004",
        "network 'Net' has no layer; add one behind its inputs, for example [Conv(\"conv1\", 16, Kernel = 3)]",
        """
        using CnnCodegen;
        [{|Network(Batch = 2)|}, Input("x", 3), Output]
        public partial class Net;
        """);

    [Fact]
    public void A_split_at_the_end_needs_an_output() => Definition.Reports("CNN0004",
        "network 'Net' has no output: its last layer is a Split, which has several values; name those to return in [Output]",
        """
        using CnnCodegen;
        [{|Network|}, Input("x", 4), Split("s", 2)]
        public partial class Net;
        """);
}
