using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

public class FoldingTests
{
    [Fact]
    public void Shape_arithmetic_is_evaluated()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", "N", 3, 4, 5).Integers("zero", 0).Integers("two", 2).Integers("rest", -1).Floats("scale", [], 1.5f)
            .Node("Shape", ["x"], ["shape"])
            .Node("Gather", ["shape", "zero"], ["batch"])
            .Node("Slice", ["shape", "two", "four", "zero"], ["image"])
            .Node("Constant", [], ["four"], ("value_ints", new long[] { 4 }))
            .Node("ReduceProd", ["image"], ["pixels"], ("keepdims", 1))
            .Node("Cast", ["pixels"], ["f"], ("to", (int)DataType.Float))
            .Node("Mul", ["f", "scale"], ["half"])
            .Node("Floor", ["half"], ["floor"])
            .Node("Cast", ["floor"], ["i"], ("to", (int)DataType.Int64))
            .Node("Concat", ["batch", "rest", "i"], ["target"], ("axis", 0))
            .Node("Reshape", ["x", "target"], ["y"])
            .Output("y");
        Assert.Equal(TensorShape.Of(1, 2, 30), model.OutputShape());
    }

    [Fact]
    public void Generators_comparisons_and_choices_are_evaluated()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 6).Integers("none").Integers("count", 3)
            .Node("Constant", [], ["start"], ("value_int", 1)).Node("Constant", [], ["limit"], ("value_int", 7)).Node("Constant", [], ["step"], ("value_int", 2))
            .Node("Range", ["start", "limit", "step"], ["odd"])
            .Node("ConstantOfShape", ["count"], ["zeros"])
            .Node("ConstantOfShape", ["count"], ["fives"], ("value", new TensorProto { DataType = DataType.Int64, Dims = { 1 }, Int64Data = { 5 } }))
            .Node("Equal", ["odd", "fives"], ["is5"])
            .Node("Where", ["is5", "fives", "step"], ["choice"])
            .Node("Neg", ["choice"], ["n"]).Node("Sub", ["odd", "n"], ["sum"]).Node("Div", ["sum", "step"], ["half"])
            .Node("Expand", ["zeros", "count"], ["ignored"])
            .Node("Cast", ["half"], ["floats"], ("to", (int)DataType.Float))
            .Node("Concat", ["floats", "zeros"], ["operand"], ("axis", 0))
            .Node("sum", "Add", ["x", "operand"], ["y"])
            .Output("y");

        // odd = 1, 3, 5; choice = 2, 2, 5; (odd + choice) / 2 = 1, 2, 5.
        Assert.Equal([1, 2, 5, 0, 0, 0], Assert.Single(model.Import().Weights).Value.Data);
    }

    [Fact]
    public void A_part_of_a_shape_is_evaluated() => Assert.Equal(TensorShape.Of(2, 3, 20), new OnnxBuilder(15).Input("x", 2, 3, 4, 5).Integers("rest", -1)
        .Node("Shape", ["x"], ["front"], ("end", -2)).Node("Concat", ["front", "rest"], ["target"], ("axis", 0)).Node("Reshape", ["x", "target"], ["y"]).Output("y").OutputShape());

    [Fact]
    public void Faults_of_constants_are_reported()
    {
        OnnxBuilder Model() => new OnnxBuilder(13).Input("x", 1, 6).Integers("zero", 0).Integers("huge", 1L << 30).Integers("large", 1L << 20, 1L << 20);
        Assert.Contains("it divides an integer by zero", Model().Node("Div", ["zero", "zero"], ["a"]).Node("Reshape", ["x", "a"], ["y"]).Output("y").Error());
        Assert.Contains("larger than", Model().Node("ConstantOfShape", ["large"], ["a"]).Node("Add", ["x", "a"], ["y"]).Output("y").Error());
        Assert.Contains("the range never ends", Model().Node("Range", ["zero", "huge", "zero"], ["a"]).Node("Reshape", ["x", "a"], ["y"]).Output("y").Error());
        Assert.Contains("supported for constants only", Model().Node("Floor", ["x"], ["y"]).Output("y").Error());
    }
}
