using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

public class InputTests
{
    [Fact]
    public void A_symbolic_batch_is_1_and_other_symbols_need_a_size()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", "N", 3, "height", "").Node("Relu", ["x"], ["y"]).Output("y");
        Assert.Equal("test.onnx: these dimensions have no size: dimension 2 of 'x' (height), dimension 3 of 'x' (unnamed). Give each named one with --dim NAME=SIZE, and export the model with sizes for the others", model.Error());
        OnnxBuilder named = new OnnxBuilder(13).Input("x", "N", 3, "side", "side").Node("Relu", ["x"], ["y"]).Output("y");
        Assert.Equal(TensorShape.Of(2, 3, 8, 8), named.Import(Options(("N", 2), ("side", 8))).Model.Nodes[0].Shape);
        Assert.Contains("no input has a dimension 'M'; the named dimensions are: N, side", named.Error(Options(("M", 2), ("side", 8))));
    }

    [Fact]
    public void Inputs_of_another_batch_or_rank_are_not_batched()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("image", 4, 3, 2).Input("same", 4, 3, 2).Input("other", 1, 3, 2).Input("vector", 2)
            .Node("Sum", ["image", "same", "other", "vector"], ["y"]).Output("y");
        Assert.Equal(["[Input(\"image\", 3, 2)]", "[Input(\"same\", 3, 2)]", "[Input(\"other\", 1, 3, 2, Batched = false)]", "[Input(\"vector\", 2, Batched = false)]"], model.Lines()[..4]);
        Assert.Contains("[Network(Batch = 4)]", model.Import().ClassSource());
    }

    [Fact]
    public void Inputs_that_are_bound_are_constants()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 2, 4, 4).Input("w", 2, 2, 1, 1).Node("conv", "Conv", ["x", "w"], ["y"]).Output("y");
        ImportOptions options = new("Net") { Constants = new Dictionary<string, Tensor> { ["w"] = Tensor.Filled([2, 2, 1, 1], 2f) } };
        Assert.Equal([2, 2, 2, 2], model.Import(options).Weights["conv.weight"].Data);
        Assert.Contains("there is no input 'v'", model.Error(options with { Constants = new Dictionary<string, Tensor> { ["v"] = Tensor.Scalar(1) } }));
    }

    [Fact]
    public void Inputs_that_are_initializers_too_are_constants()
    {
        OnnxBuilder model = new OnnxBuilder(8).Input("x", 1, 2, 4, 4).Input("w", 2, 2, 1, 1).Weight("w", 2, 2, 1, 1).Node("conv", "Conv", ["x", "w"], ["y"]).Output("y");
        Assert.Equal(["conv.weight"], model.Import().Weights.Keys);
    }

    [Fact]
    public void Numbers_of_other_types_and_scalars_are_no_inputs()
    {
        OnnxBuilder model = new OnnxBuilder(13).Typed("x", DataType.Double, 1, 2).Node("Relu", ["x"], ["y"]).Output("y");
        Assert.Contains("the input 'x' is Double", model.Error());
        Assert.Contains("the input 'x' is a scalar", new OnnxBuilder(13).Input("x").Node("Relu", ["x"], ["y"]).Output("y").Error());
    }

    [Fact]
    public void Unsupported_operators_are_listed_all_at_once()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2)
            .Node("lstm", "LSTM", ["x"], ["a"]).Node("gru1", "GRU", ["a"], ["b"]).Node("gru2", "GRU", ["b"], ["c"]).Node("Relu", ["c"], ["d"]).Node("own", "Relu", ["d"], ["y"]).Output("y");
        model.Graph.Node[4].Domain = "my.domain";
        Assert.Equal(
            "test.onnx: these operators are not supported: LSTM ('lstm'); GRU ('gru1', 'gru2'); my.domain.Relu ('own'). Export the model without them, or cut the graph in front of them",
            model.Error());
    }

    private static ImportOptions Options(params (string Name, int Size)[] dims) => new("Net") { Dims = dims.ToDictionary(d => d.Name, d => d.Size) };
}
