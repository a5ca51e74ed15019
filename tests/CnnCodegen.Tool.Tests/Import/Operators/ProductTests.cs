using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ProductTests
{
    [Fact]
    public void Gemm_with_constants_is_linear_with_everything_folded()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2).Floats("w", [2, 3], 1, 2, 3, 4, 5, 6).Floats("b", [1, 3], 1, 2, 3)
            .Node("fc", "Gemm", ["x", "w", "b"], ["y"], ("alpha", 2f), ("beta", 10f)).Output("y");
        Assert.Equal("[Linear(\"fc\", 3)]", model.Lines()[1]);
        Assert.Equal([2, 8, 4, 10, 6, 12], model.Import().Weights["fc.weight"].Data);
        Assert.Equal([10, 20, 30], model.Import().Weights["fc.bias"].Data);
    }

    [Fact]
    public void Gemm_with_transB_has_its_weights_in_order()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2).Floats("w", [3, 2], 1, 2, 3, 4, 5, 6).Floats("b", [], 7)
            .Node("fc", "Gemm", ["x", "w", "b"], ["y"], ("transB", 1)).Output("y");
        Assert.Equal([1, 2, 3, 4, 5, 6], model.Import().Weights["fc.weight"].Data);
        Assert.Equal([7, 7, 7], model.Import().Weights["fc.bias"].Data);
    }

    [Fact]
    public void Gemm_without_C_has_no_bias_and_a_matrix_C_is_added()
    {
        OnnxBuilder plain = new OnnxBuilder(11).Input("x", 2, 2).Weight("fc.weight", 3, 2).Node("Gemm", ["x", "fc.weight"], ["y"], ("transB", 1)).Output("y");
        Assert.Equal("[Linear(\"fc\", 3, Bias = false)]", plain.Lines()[1]);
        OnnxBuilder matrix = new OnnxBuilder(11).Input("x", 2, 2).Weight("fc.weight", 3, 2).Weight("c", 2, 3).Node("Gemm", ["x", "fc.weight", "c"], ["y"], ("transB", 1)).Output("y");
        Assert.Equal("[Add(\"add1\", \"fc\", \"c\")]", matrix.Lines()[^1]);
    }

    [Fact]
    public void Gemm_of_computed_matrices_is_written_out()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("a", 4, 2).Input("b", 3, 4)
            .Node("Gemm", ["a", "b"], ["y"], ("transA", 1), ("transB", 1), ("alpha", 0.5f)).Output("y");
        Assert.Equal(
            ["[Transpose(\"transpose1\", 1, 0, From = \"a\")]", "[Transpose(\"transpose2\", 1, 0, From = \"b\")]", "[MatMul(\"matmul1\", \"transpose1\", \"transpose2\")]", "[Mul(\"mul1\", Scalar = 0.5f)]"],
            model.Lines()[2..]);
        Assert.Equal(TensorShape.Of(2, 3), model.OutputShape());
    }

    [Fact]
    public void MatMul_with_a_constant_and_an_added_vector_is_linear_with_bias()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2).Floats("w", [2, 3], 1, 2, 3, 4, 5, 6).Floats("b", [3], 1, 2, 3)
            .Node("fc", "MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "b"], ["y"]).Output("y");
        Assert.Equal("[Linear(\"fc\", 3)]", model.Lines()[1]);
        Assert.Equal([1, 4, 2, 5, 3, 6], model.Import().Weights["fc.weight"].Data);
        Assert.Equal("y", model.Import().NodeOrigins["fc"]);
    }

    [Theory]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4, 5 }, new[] { 2, 3, 5 })]
    [InlineData(new[] { 4 }, new[] { 2, 4, 5 }, new[] { 2, 5 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4 }, new[] { 2, 3 })]
    [InlineData(new[] { 4 }, new[] { 4, 5 }, new[] { 5 })]
    public void MatMul_follows_NumPy(int[] a, int[] b, int[] y)
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("a", [.. a.Cast<object>()]).Input("b", [.. b.Cast<object>()]).Node("MatMul", ["a", "b"], ["y"]).Output("y");
        Assert.Equal(TensorShape.Of(y), model.OutputShape());
    }

    [Fact]
    public void A_product_of_two_vectors_is_refused() => Assert.Contains("its result is a scalar",
        new OnnxBuilder(13).Input("a", 4).Input("b", 4).Node("MatMul", ["a", "b"], ["y"]).Output("y").Error());

    [Fact]
    public void Flattening_in_front_of_a_linear_layer_goes_without_saying()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2, 3, 3).Weight("fc.weight", 4, 18)
            .Node("Flatten", ["x"], ["f"]).Node("Gemm", ["f", "fc.weight"], ["y"], ("transB", 1)).Output("y");
        Assert.Equal(["[Input(\"x\", 2, 3, 3)]", "[Linear(\"fc\", 4, Bias = false)]"], model.Lines());
    }
}
