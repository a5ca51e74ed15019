using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ConvolutionTests
{
    [Fact]
    public void Conv_takes_its_kernel_from_the_weights()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 4, 9, 9).Weight("c.weight", 6, 2, 3, 5).Weight("c.bias", 6)
            .Node("Conv", ["x", "c.weight", "c.bias"], ["y"], ("group", 2), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 2, 1, 2 }))
            .Output("y");
        Assert.Equal(["[Input(\"x\", 4, 9, 9)]", "[Conv(\"c\", 6, KernelShape = [3, 5], Stride = 2, Pads = [1, 2, 1, 2], Groups = 2)]"], model.Lines());
        Assert.Equal(TensorShape.Of(1, 6, 5, 5), model.OutputShape());
    }

    [Theory]
    [InlineData("SAME_UPPER", "Pads = [0, 0, 1, 1]")]
    [InlineData("SAME_LOWER", "Pads = [1, 1, 0, 0]")]
    [InlineData("VALID", "Stride = 2")]
    public void Conv_resolves_auto_pad(string autoPad, string expected)
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 3, 8, 8).Weight("w", 4, 3, 3, 3)
            .Node("Conv", ["x", "w"], ["y"], ("auto_pad", autoPad), ("strides", new long[] { 2, 2 }))
            .Output("y");
        Assert.Contains(expected, model.Lines()[1]);
    }

    [Fact]
    public void A_depthwise_convolution_has_its_own_attribute()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 4, 8).Weight("w", 8, 1, 3)
            .Node("dw", "Conv", ["x", "w"], ["y"], ("group", 4), ("dilations", new long[] { 2 }))
            .Output("y");
        Assert.Equal("[DepthwiseConv(\"dw\", Multiplier = 2, Kernel = 3, Dilation = 2, Bias = false)]", model.Lines()[1]);
    }

    [Fact]
    public void ConvTranspose_with_an_output_shape_pads_to_it()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 1, 3, 3).Weight("w", 1, 2, 3, 3)
            .Node("up", "ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 3, 2 }), ("output_shape", new long[] { 10, 8 }))
            .Output("y");

        // Without padding the output is 9 x 7: one row and one column are added at the end.
        Assert.Equal("[ConvTranspose(\"up\", 2, Kernel = 3, Strides = [3, 2], OutputPadding = 1, Bias = false)]", model.Lines()[1]);
        Assert.Equal(TensorShape.Of(1, 2, 10, 8), model.OutputShape());
    }

    [Theory]
    [InlineData("NOTSET", "Pads = [1, 1, 0, 0]")]
    [InlineData("SAME_UPPER", "Pads = [0, 0, 1, 1]")]
    public void ConvTranspose_with_a_smaller_output_shape_cuts(string autoPad, string expected)
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 1, 1, 3, 3).Weight("w", 1, 2, 3, 3)
            .Node("up", "ConvTranspose", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 }), ("output_shape", new long[] { 6, 6 }), ("auto_pad", autoPad))
            .Output("y");
        Assert.Contains(expected, model.Lines()[1]);
        Assert.Equal(TensorShape.Of(1, 2, 6, 6), model.OutputShape());
    }

    [Fact]
    public void A_constant_per_channel_behind_a_convolution_is_its_bias()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 3, 8, 8).Weight("w", 4, 3, 1, 1).Weight("b", 4, 1, 1)
            .Node("conv", "Conv", ["x", "w"], ["c"])
            .Node("Add", ["b", "c"], ["y"])
            .Output("y");
        Assert.Equal("[Conv(\"conv\", 4, Kernel = 1)]", model.Lines()[1]);
        Assert.Equal([0.5f, 1, 1.5f, 2], model.Import().Weights["conv.bias"].Data);
    }

    [Fact]
    public void Weights_that_are_computed_from_constants_are_folded()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Weight("w", 2, 2).Integers("shape", 2, 2, 1, 1).Floats("two", [], 2)
            .Node("Transpose", ["w"], ["t"])
            .Node("Mul", ["t", "two"], ["scaled"])
            .Node("Reshape", ["scaled", "shape"], ["w4"])
            .Node("conv", "Conv", ["x", "w4"], ["y"])
            .Output("y");
        Assert.Equal([1, 3, 2, 4], model.Import().Weights["conv.weight"].Data);
    }

    [Fact]
    public void Weights_that_are_computed_from_an_input_are_refused()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Input("w", 2, 2, 1, 1).Node("conv", "Conv", ["x", "w"], ["y"]).Output("y");
        Assert.Equal("test.onnx: node 'conv' (Conv): its input 1 'w' is computed from the network's inputs; it must be a constant", model.Error());
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        OnnxBuilder Model(string name, object value) => new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Weight("w", 2, 2, 3, 3).Node("conv", "Conv", ["x", "w"], ["y"], (name, value)).Output("y");
        Assert.Contains("kernel_shape is (2, 2) and the weights are for (3, 3)", Model("kernel_shape", new long[] { 2, 2 }).Error());
        Assert.Contains("pads has 2 entries; 4 are needed", Model("pads", new long[] { 2, 2 }).Error());
        Assert.Contains("its weight is 2x2x3x3 floats; the input and the attributes ask for 2x1x3x3 floats", Model("group", 2).Error());
        Assert.Contains("the attribute 'group' is of type String, not Int", Model("group", "2").Error());
    }
}
