using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class QuantizationTests
{
    [Fact]
    public void Pairs_become_quantisations_and_their_weights_codes()
    {
        string[] lines = Pairs(Constants()).Lines();

        Assert.EndsWith("0.5f, ZeroPoint = 3)]", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith("Kernel = 1), Int8, Relu]", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_are_codes_times_the_scale_of_their_channel()
    {
        ImportedNetwork network = Pairs(Constants()).Import();

        Assert.Equal([-3, 63, 1.25f, -31.75f], Data(network, ".weight"));
        Assert.Equal([0.5f, 0.25f], Data(network, ".weight_scale"));
        Assert.Equal([0.75f, -1], Data(network, ".bias"));
    }

    [Fact]
    public void QLinearConv_is_a_convolution_between_quantisations()
    {
        OnnxBuilder model = Constants()
            .Node("QuantizeLinear", ["x", "xs", "xz"], ["xq"])
            .Node("QLinearConv", ["xq", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["yq"])
            .Node("DequantizeLinear", ["yq", "ys", "yz"], ["y"]).Output("y");

        Assert.Contains("Int8, Quantize(2, ZeroPoint = -1, Signed = true)", model.Lines()[^1], StringComparison.Ordinal);
        Assert.Equal([3 * 0.5f * 0.5f, -4 * 0.25f * 0.5f], Data(model.Import(), ".bias"));
    }

    [Fact]
    public void Nothing_computes_with_codes_and_integers()
    {
        OnnxBuilder model = Constants().Node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]).Node("Relu", ["xq"], ["y"]).Output("y");
        Assert.Contains("put a DequantizeLinear in front of it", model.Error(), StringComparison.Ordinal);

        model = new OnnxBuilder(13).Typed("x", DataType.Int8, 1, 2).Node("Sigmoid", ["x"], ["y"]).Output("y");
        Assert.Contains("put a Cast to float32 or a DequantizeLinear in front of it", model.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Maxima_of_codes_are_codes()
    {
        string lines = string.Concat(Constants().Node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]).Node("MaxPool", ["xq"], ["m"], ("kernel_shape", new long[] { 3, 3 }))
            .Node("DequantizeLinear", ["m", "xs", "xz"], ["y"]).Output("y").Lines());
        Assert.Matches("Quantize.*MaxPool", lines);
        Assert.DoesNotMatch("MaxPool.*Quantize", lines);
    }

    [Fact]
    public void Sums_that_no_float_holds_are_no_outputs()
    {
        OnnxBuilder model = new OnnxBuilder(13).Typed("x", DataType.Uint8, 1, 1024).Typed("w", DataType.Int8, [1024, 1], [.. Enumerable.Repeat(127, 1024)])
            .Node("MatMulInteger", ["x", "w"], ["s"]);
        Assert.Contains("may be integers from -33162240 to 33162240", new OnnxBuilder(model).Output("s").Error(), StringComparison.Ordinal);
        Assert.EndsWith("Int8]", new OnnxBuilder(model).Node("Cast", ["s"], ["y"], ("to", (int)DataType.Float)).Output("y").Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_scale_on_the_way_back_is_refused()
    {
        OnnxBuilder model = Constants().Node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]).Node("DequantizeLinear", ["xq", "ys", "xz"], ["y"]).Output("y");
        Assert.Contains("the two must be the same", model.Error(), StringComparison.Ordinal);
    }

    private static float[] Data(ImportedNetwork network, string suffix) => network.Weights.Single(w => w.Key.EndsWith(suffix, StringComparison.Ordinal)).Value.Data;

    private static OnnxBuilder Pairs(OnnxBuilder model) => model
        .Node("QuantizeLinear", ["x", "xs", "xz"], ["xq"])
        .Node("DequantizeLinear", ["xq", "xs", "xz"], ["xd"])
        .Node("DequantizeLinear", ["w", "ws", "wz"], ["wd"], ("axis", 0))
        .Node("DequantizeLinear", ["b", "bs"], ["bd"], ("axis", 0))
        .Node("Conv", ["xd", "wd", "bd"], ["conv"])
        .Node("Relu", ["conv"], ["y"]).Output("y");

    private static OnnxBuilder Constants() => new OnnxBuilder(13).Input("x", 1, 2, 3, 3)
        .Floats("xs", [], 0.5f).Typed("xz", DataType.Uint8, [], 3)
        .Floats("ys", [], 2).Typed("yz", DataType.Int8, [], -1)
        .Typed("w", DataType.Int8, [2, 2, 1, 1], -6, 126, 5, -127).Floats("ws", [2], 0.5f, 0.25f).Typed("wz", DataType.Int8, [2], 0, 0)
        .Typed("b", DataType.Int32, [2], 3, -4).Floats("bs", [2], 0.25f, 0.25f);
}
