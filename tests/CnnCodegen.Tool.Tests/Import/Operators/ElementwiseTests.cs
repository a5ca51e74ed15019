using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ElementwiseTests
{
    [Theory]
    [InlineData("Add", 3f, "[Add(\"op\", Scalar = 3)]")]
    [InlineData("Sub", 3f, "[Add(\"op\", Scalar = -3)]")]
    [InlineData("Mul", 0.1f, "[Mul(\"op\", Scalar = 0.1f)]")]
    [InlineData("Div", 4f, "[Mul(\"op\", Scalar = 0.25f)]")]
    [InlineData("Pow", 2f, "[Pow(\"op\", Scalar = 2)]")]
    [InlineData("Max", 0f, "[Relu(\"op\")]")]
    [InlineData("Max", -2f, "[Clip(\"op\", -2, float.PositiveInfinity)]")]
    [InlineData("Min", 5f, "[Clip(\"op\", float.NegativeInfinity, 5)]")]
    public void A_constant_scalar_is_an_option(string opType, float scalar, string line) =>
        Assert.Equal(line, Model(opType, ["x", "s"]).Floats("s", [], scalar).Lines()[1]);

    [Fact]
    public void A_scalar_on_the_left_commutes_or_is_subtracted_from()
    {
        Assert.Equal("[Mul(\"op\", Scalar = 3)]", Model("Mul", ["s", "x"]).Floats("s", [1], 3).Lines()[1]);
        Assert.Equal(["[Mul(\"mul1\", Scalar = -1)]", "[Add(\"op\", Scalar = 3)]"], Model("Sub", ["s", "x"]).Floats("s", [1], 3).Lines()[1..]);
    }

    [Theory]
    [InlineData("Div", 3f)]
    [InlineData("Div", 0f)]
    [InlineData("Add", float.PositiveInfinity)]
    public void A_scalar_that_no_option_says_exactly_is_a_parameter(string opType, float scalar)
    {
        OnnxBuilder model = Model(opType, ["x", "s"]).Floats("s", [1], scalar);
        Assert.Equal(["[Parameter(\"s\", 1)]", $"[{opType}(\"op\", \"x\", \"s\")]"], model.Lines()[1..]);
        Assert.Equal([scalar], model.Import().Weights["s.value"].Data);
    }

    [Fact]
    public void A_constant_tensor_is_one_parameter_for_all_its_readers()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Weight("mask", 4, 4)
            .Node("add", "Add", ["x", "mask"], ["t"]).Node("mul", "Mul", ["t", "mask"], ["y"]).Output("y");
        Assert.Equal(["[Parameter(\"mask\", 4, 4)]", "[Add(\"add\", \"x\", \"mask\")]", "[Mul(\"mul\", \"add\", \"mask\")]"], model.Lines()[1..]);
        Assert.Single(model.Import().Weights);
    }

    [Fact]
    public void More_than_two_operands_are_chained()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("a", 1, 2).Input("b", 1, 2).Input("c", 1, 2).Node("Sum", ["a", "b", "c"], ["total"]).Output("total");
        Assert.Equal(["[Add(\"add1\", \"a\", \"b\")]", "[Add(\"total\", \"add1\", \"c\")]"], model.Lines()[3..]);
        Assert.Equal("[Identity(\"one\")]", new OnnxBuilder(13).Input("a", 1, 2).Node("Max", ["a"], ["one"]).Output("one").Lines()[1]);
    }

    [Fact]
    public void Opset_6_aligns_the_right_operand_at_its_axis()
    {
        OnnxBuilder model = new OnnxBuilder(6).Input("x", 1, 2, 4, 4).Weight("bias", 2).Node("add", "Add", ["x", "bias"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y");
        Assert.Equal([2, 1, 1], model.Import().Weights["bias.value"].Shape);

        OnnxBuilder computed = new OnnxBuilder(6).Input("x", 1, 2, 4, 4).Input("b", 2).Node("add", "Mul", ["x", "b"], ["y"], ("broadcast", 1), ("axis", 1)).Output("y");
        Assert.Equal(TensorShape.Of(1, 2, 4, 4), computed.OutputShape());
        Assert.Equal("[Reshape(\"reshape1\", 2, 1, 1)]", computed.Lines()[2]);
    }

    [Fact]
    public void Opset_6_broadcasts_only_on_demand() =>
        Assert.Contains("its operands are 1x2x4x4 and 4, and it does not say broadcast = 1",
            new OnnxBuilder(6).Input("x", 1, 2, 4, 4).Weight("b", 4).Node("add", "Add", ["x", "b"], ["y"]).Output("y").Error());

    private static OnnxBuilder Model(string opType, string[] inputs) => new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Node("op", opType, inputs, ["y"]).Output("y");
}
