using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ActivationTests
{
    [Theory]
    [InlineData("Relu", "Relu")]
    [InlineData("Sigmoid", "Sigmoid")]
    [InlineData("Tanh", "Tanh")]
    [InlineData("HardSwish", "HardSwish")]
    [InlineData("Softplus", "Softplus")]
    [InlineData("Exp", "Exp")]
    [InlineData("Sqrt", "Sqrt")]
    [InlineData("Sign", "Sign")]
    [InlineData("LeakyRelu", "LeakyRelu")]
    [InlineData("Elu", "Elu")]
    [InlineData("HardSigmoid", "HardSigmoid(Alpha = 0.2f)")]
    [InlineData("Dropout", "Dropout")]
    public void An_activation_stands_behind_its_layer(string opType, string attribute) =>
        Assert.Equal($"[Conv(\"conv\", 2, Kernel = 1, Bias = false), {attribute}]", BehindConv(14, opType).Lines()[1]);

    [Fact]
    public void Options_that_differ_from_the_default_are_written()
    {
        Assert.EndsWith(", LeakyRelu(Alpha = 0.25f)]", BehindConv(14, "LeakyRelu", ("alpha", 0.25f)).Lines()[1]);
        Assert.EndsWith(", Elu(Alpha = 2)]", BehindConv(14, "Elu", ("alpha", 2f)).Lines()[1]);
        Assert.EndsWith(", HardSigmoid]", BehindConv(14, "HardSigmoid", ("alpha", 1f / 6), ("beta", 0.5f)).Lines()[1]);
    }

    [Fact]
    public void Clip_has_bounds_as_attributes_up_to_opset_10()
    {
        Assert.EndsWith(", Clip(-1, 1)]", BehindConv(10, "Clip", ("min", -1f), ("max", 1f)).Lines()[1]);
        Assert.EndsWith(", Relu6]", BehindConv(6, "Clip", ("min", 0f), ("max", 6f)).Lines()[1]);
        Assert.EndsWith(", Clip(float.MinValue, 0.5f)]", BehindConv(6, "Clip", ("max", 0.5f)).Lines()[1]);
    }

    [Theory]
    [InlineData(new[] { "c", "zero", "six" }, "Relu6")]
    [InlineData(new[] { "c", "zero" }, "Relu")]
    [InlineData(new[] { "c", "", "six" }, "Clip(float.NegativeInfinity, 6)")]
    public void Clip_has_bounds_as_inputs_from_opset_11_on(string[] inputs, string attribute)
    {
        OnnxBuilder model = Conv(11).Floats("zero", [], 0).Floats("six", [1], 6).Node("Clip", inputs, ["y"]).Output("y");
        Assert.EndsWith($", {attribute}]", model.Lines()[1]);
    }

    [Theory]
    [InlineData(6, new[] { 2 }, ", PRelu]")]
    [InlineData(6, new[] { 1 }, ", PRelu(PerChannel = false)]")]
    [InlineData(9, new[] { 2, 1, 1 }, ", PRelu]")]
    [InlineData(9, new[] { 1, 2, 1, 1 }, ", PRelu]")]
    [InlineData(9, new[] { 4 }, ", PRelu(SlopeShape = [4])]")]
    public void PRelu_slopes_are_per_channel_where_they_can_be(int opset, int[] slope, string end)
    {
        OnnxBuilder model = Conv(opset).Weight("a", slope).Node("PRelu", ["c", "a"], ["y"]).Output("y");
        Assert.EndsWith(end, model.Lines()[1]);
    }

    [Fact]
    public void Negation_modulus_and_reciprocal_are_expressed()
    {
        Assert.Equal("[Mul(\"mul1\", Scalar = -1)]", BehindConv(14, "Neg").Lines()[2]);
        Assert.Equal(["[Mul(\"mul1\", Scalar = -1)]", "[Max(\"max1\", \"conv\", \"mul1\")]"], BehindConv(14, "Abs").Lines()[2..]);
        Assert.Equal("[Div(\"div1\", \"parameter1\", \"conv\")]", BehindConv(14, "Reciprocal").Lines()[^1]);
    }

    [Fact]
    public void Options_that_are_not_finite_are_refused() =>
        Assert.Contains("the attribute 'alpha' is Infinity; it must be finite", BehindConv(14, "LeakyRelu", ("alpha", float.PositiveInfinity)).Error());

    [Fact]
    public void Dropout_in_training_mode_or_with_a_mask_that_is_read_is_refused()
    {
        OnnxBuilder training = Conv(12).Floats("ratio", [], 0.5f).Integers("training", 1).Node("Dropout", ["c", "ratio", "training"], ["y"]).Output("y");
        Assert.Contains("it is in training mode", training.Error());
        OnnxBuilder mask = Conv(12).Node("Dropout", ["c"], ["y", "mask"]).Output("y", "mask");
        Assert.Contains("it reads 'mask'", mask.Error());
    }

    private static OnnxBuilder Conv(int opset) =>
        new OnnxBuilder(opset).Input("x", 1, 2, 4, 4).Weight("w", 2, 2, 1, 1).Node("conv", "Conv", ["x", "w"], ["c"]);

    private static OnnxBuilder BehindConv(int opset, string opType, params (string, object)[] attributes) =>
        Conv(opset).Node(opType, ["c"], ["y"], attributes).Output("y");
}
