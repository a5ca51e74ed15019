using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0006OutOfOrderTests
{
    [Fact]
    public void Inputs_come_before_layers() => Definition.LayersReport("CNN0006",
        "Input 'y' comes behind a layer; put all inputs before the layers",
        """
        [Input("x", 3), Relu]
        [{|Input("y", 3)|}, Add("sum", "x", "y")]
        """);

    [Fact]
    public void Outputs_come_behind_layers() => Definition.LayersReport("CNN0006",
        "Output comes before a layer; put it behind the last one",
        """
        [Input("x", 3), Relu("r")]
        [{|Output("r", "t")|}, Tanh("t")]
        """);

    [Theory]
    [InlineData("Relu", "Relu has no name, so it belongs to the layer before it, and there is none; put it behind a layer")]
    [InlineData("Conv(\"c\", 4, Kernel = 1)", "Conv 'c' has no layer before it to read; put [Input] first")]
    public void The_first_layer_needs_an_input(string layer, string message)
    {
        GeneratorRun run = GeneratorHost.Run(Definition.Source($"[Network]\n[{layer}]\n[Input(\"x\", 3, 8, 8)]"));

        Assert.Equal(
            [("CNN0006", message, layer), ("CNN0006", "Input 'x' comes behind a layer; put all inputs before the layers", "Input(\"x\", 3, 8, 8)")],
            run.Diagnostics.Select(diagnostic => (diagnostic.Id, diagnostic.GetMessage(), Definition.Text(diagnostic))));
    }

    [Theory]
    [InlineData("Conv(\"c\", 8, Kernel = 3), Relu, {|Sparse(0.5)|}")]
    [InlineData("Linear(\"l\", 8), Sparse(0.5), {|Sparse(0.25)|}")]
    [InlineData("MaxPool(2), {|Sparse(0.5)|}")]
    public void A_refinement_stands_directly_behind_its_layer(string layers) => Definition.LayersReport("CNN0006",
        "Sparse does not stand directly behind a layer with weights; put it behind a Conv, DepthwiseConv or Linear, one for each",
        $"[Input(\"x\", 3, 8, 8)]\n[{layers}]");
}
