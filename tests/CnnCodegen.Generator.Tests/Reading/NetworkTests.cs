using CnnCodegen.Generator.Model;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>The class, its inputs and its outputs.</summary>
public class NetworkTests
{
    private static readonly Activation Relu = new(ActivationKind.Relu);

    [Fact]
    public void The_class_is_described_by_its_attribute()
    {
        NetworkModel model = Definition.Read("""
            [Network(Weights = "digits.safetensors", Batch = 5)]
            [Input("x", 1, 28, 28), Relu]
            """);

        Assert.Equal(new NetworkType("Demo", "Net", "digits.safetensors"), model.Type);
        Assert.Equal(TensorShape.Of(5, 1, 28, 28), model.Nodes[0].Shape);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("namespace A.@class;", "A.class")]
    public void The_namespace_is_the_metadata_name(string declaration, string expected)
    {
        GeneratorRun run = GeneratorHost.Run($"using CnnCodegen;\n{declaration}\n[Network, Input(\"x\", 1), Relu] internal partial class Net {{ }}");

        Assert.Equal(new NetworkType(expected, "Net"), Assert.Single(Definition.Models(run)).Type);
    }

    [Fact]
    public void Several_inputs_with_and_without_batch() => Definition.Reads(
        """
        [Input("a", 3, Batched = true), Input("b", 2, 3, Batched = false)]
        [Add("sum", "a", "b")]
        """,
        b => b.Add("sum", new Binary(BinaryKind.Add), b.Add("a", new Input(TensorShape.Of(1, 3))), b.Add("b", new Input(TensorShape.Of(2, 3)))));

    [Fact]
    public void A_parameter_may_come_before_the_inputs() => Definition.Reads(
        """
        [Parameter("p")]
        [Input("x", 3), Add("sum", "p")]
        """,
        b =>
        {
            int p = b.Add("p", new Parameter(TensorShape.Of()));
            b.Add("sum", new Binary(BinaryKind.Add), b.Add("x", new Input(TensorShape.Of(1, 3))), p);
        });

    [Theory]
    [InlineData("""[Output("r", "t")]""")]
    [InlineData("""[Output("r"), Output("t")]""")]
    [InlineData("""[Output("r"), Output]""")]
    public void Outputs_are_in_their_order_and_mean_the_layer_in_the_end(string output) => Definition.Reads(
        $"""
        [Input("x", 3)]
        [Relu("r"), Relu, Tanh("t")]
        {output}
        """,
        b => b.Add("t", new Activation(ActivationKind.Tanh), b.Add("r.relu", Relu, b.Add("r", Relu, b.Add("x", new Input(TensorShape.Of(1, 3)))))),
        2, 3);

    [Fact]
    public void An_input_can_be_an_output() => Definition.Reads(
        """
        [Input("x", 3)]
        [Relu("r")]
        [Output("r", "x")]
        """,
        b => b.Add("r", Relu, b.Add("x", new Input(TensorShape.Of(1, 3)))),
        1, 0);

    [Fact]
    public void A_window_has_as_many_dimensions_as_the_input_has_spatial_ones()
    {
        NetworkModel line = Definition.Read("[Network, Input(\"x\", 2, 9), Conv(\"c\", 4, Kernel = 3)]");
        NetworkModel volume = Definition.Read("[Network, Input(\"x\", 2, 9, 8, 7), Conv(\"c\", 4, Kernel = 3), MaxPool(2)]");

        Assert.Equal(TensorShape.Of(1, 4, 7), line.Nodes[1].Shape);
        Assert.Equal(TensorShape.Of(1, 4, 3, 3, 2), volume.Nodes[2].Shape);
    }

    [Fact]
    public void Attributes_of_others_are_ignored()
    {
        GeneratorRun run = GeneratorHost.Run("""
            namespace Demo
            {
                [CnnCodegen.Network, CnnCodegen.Input("x", 3), System.Obsolete, Relu, CnnCodegen.Tanh]
                public partial class Net { }

                public class ReluAttribute : System.Attribute { }
            }
            """);

        Assert.Equal(["x", "x.tanh"], Assert.Single(Definition.Models(run)).Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Every_network_of_a_project_is_read()
    {
        GeneratorRun run = GeneratorHost.Run("""
            using CnnCodegen;
            [Network, Input("x", 3), Relu] partial class First;
            [Network, Input("x", 3), Tanh] partial class Second;
            """);

        Assert.Equal(["First", "Second"], Definition.Models(run).Select(model => model.Type.FullName));
    }
}
