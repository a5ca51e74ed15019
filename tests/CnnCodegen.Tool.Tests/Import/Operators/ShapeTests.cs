using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ShapeTests
{
    [Theory]
    [InlineData(new long[] { 0, -1 }, "[Flatten]")]
    [InlineData(new long[] { 2, -1, 4 }, "[Reshape(\"reshape1\", 2, 12, 4)]")]
    [InlineData(new long[] { 6, 16 }, "[Flatten(Axis = 2)]")]
    public void Reshape_is_flatten_where_it_is(long[] shape, string line)
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 2, 3, 4, 4).Integers("shape", shape).Node("Reshape", ["x", "shape"], ["y"]).Output("y");
        Assert.Equal(line, model.Lines()[1]);
    }

    [Fact]
    public void A_literal_zero_is_refused() => Assert.Contains("allowzero",
        new OnnxBuilder(14).Input("x", 2, 3).Integers("shape", 0, 3).Node("Reshape", ["x", "shape"], ["y"], ("allowzero", 1)).Output("y").Error());

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Squeeze_and_unsqueeze_have_axes_in_an_attribute_or_an_input(int opset)
    {
        OnnxBuilder Model(string opType, params object[] dims) => opset < 13
            ? new OnnxBuilder(opset).Input("x", dims).Node(opType, ["x"], ["y"], ("axes", new long[] { 1, -1 })).Output("y")
            : new OnnxBuilder(opset).Input("x", dims).Integers("axes", 1, -1).Node(opType, ["x", "axes"], ["y"]).Output("y");
        Assert.Equal(TensorShape.Of(2, 3), Model("Squeeze", 2, 1, 3, 1).OutputShape());
        Assert.Equal(TensorShape.Of(2, 1, 3, 1), Model("Unsqueeze", 2, 3).OutputShape());
        Assert.Contains("dimension 1 of 2x3x1 is not 1", Model("Squeeze", 2, 3, 1).Error());
    }

    [Fact]
    public void Transpose_reverses_by_default_and_vanishes_where_it_does_nothing()
    {
        Assert.Equal("[Transpose(\"turned\", 2, 1, 0)]", new OnnxBuilder(13).Input("x", 1, 2, 3).Node("Transpose", ["x"], ["turned"]).Output("turned").Lines()[1]);
        Assert.Equal("[Relu(\"relu1\")]", new OnnxBuilder(13).Input("x", 1, 2).Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 1 })).Node("Relu", ["t"], ["y"]).Output("y").Lines()[1]);
    }

    [Fact]
    public void Slice_has_positions_as_attributes_or_inputs()
    {
        OnnxBuilder old = new OnnxBuilder(9).Input("x", 1, 8, 6).Node("cut", "Slice", ["x"], ["y"], ("starts", new long[] { 2, -3 }), ("ends", new long[] { 6, long.MaxValue }), ("axes", new long[] { 1, 2 })).Output("y");
        OnnxBuilder recent = new OnnxBuilder(13).Input("x", 1, 8, 6).Integers("s", 2, -3).Integers("e", 6, long.MaxValue).Integers("a", 1, -1).Node("cut", "Slice", ["x", "s", "e", "a"], ["y"]).Output("y");
        Assert.Equal("[Slice(\"cut\", Starts = [2, 3], Ends = [6, 6], Axes = [1, 2])]", old.Lines()[1]);
        Assert.Equal(old.Lines(), recent.Lines());
    }

    [Fact]
    public void Slice_runs_backwards()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 8).Integers("s", -1).Integers("e", long.MinValue).Integers("a", 1).Integers("st", -2)
            .Node("back", "Slice", ["x", "s", "e", "a", "st"], ["y"]).Output("y");
        Assert.Equal("[Slice(\"back\", Starts = [7], Ends = [0], Axes = [1], Steps = [-2])]", model.Lines()[1]);
        Assert.Equal(TensorShape.Of(1, 4), model.OutputShape());
    }

    [Fact]
    public void Split_is_one_line()
    {
        OnnxBuilder equal = new OnnxBuilder(11).Input("x", 1, 6, 4).Node("parts", "Split", ["x"], ["a", "b"], ("axis", 1)).Node("j", "Concat", ["b", "a"], ["y"], ("axis", 1)).Output("y");
        Assert.Equal("[Split(\"parts\", 2)]", equal.Lines()[1]);
        Assert.Contains("\"parts.1\", \"parts.0\"", equal.Lines()[2]);
        OnnxBuilder sizes = new OnnxBuilder(13).Input("x", 1, 4, 6).Integers("sizes", 4, 2).Node("parts", "Split", ["x", "sizes"], ["a", "b"], ("axis", -1)).Node("Concat", ["b", "a"], ["y"], ("axis", 2)).Output("y");
        Assert.Equal("[Split(\"parts\", 2, Axis = 2, Sizes = [4, 2])]", sizes.Lines()[1]);
    }

    [Fact]
    public void Split_by_number_leaves_the_last_part_smaller_and_otherwise_must_divide()
    {
        OnnxBuilder Model(params (string, object)[] attributes) => new OnnxBuilder(18).Input("x", 1, 7).Node("parts", "Split", ["x"], ["a", "b"], [("axis", 1), .. attributes]).Node("Concat", ["b", "a"], ["y"], ("axis", 1)).Output("y");
        Assert.Equal("[Split(\"parts\", 2, Sizes = [4, 3])]", Model(("num_outputs", 2)).Lines()[1]);
        Assert.Contains("7 elements cannot be split into 2 parts", Model().Error());
    }

    [Fact]
    public void Gather_takes_what_a_slice_can()
    {
        OnnxBuilder Model(params long[] indices) => new OnnxBuilder(13).Input("x", 1, 6, 4).Integers("i", indices).Node("Gather", ["x", "i"], ["y"], ("axis", 1)).Output("y");
        Assert.Equal(TensorShape.Of(1, 3, 4), Model(4, 2, 0).OutputShape());
        Assert.Equal("[Slice(\"slice1\", Starts = [4], Ends = [-7], Axes = [1], Steps = [-2])]", Model(4, 2, 0).Lines()[1]);
        Assert.Contains("its indices (0, 1, 3) are not at equal distances", Model(0, 1, 3).Error());
        Assert.Contains("the index 6 is outside the 6 elements of dimension 1", Model(6).Error());
    }

    [Fact]
    public void Pad_gives_its_pads_in_three_ways()
    {
        string line = "[Pad(\"pad\", Pads = [0, 0, 1, 2, 0, 0, 3, 4], Value = 0.5f)]";
        OnnxBuilder Model(int opset) => new OnnxBuilder(opset).Input("x", 1, 2, 8, 8);
        Assert.Equal(line, Model(9).Node("pad", "Pad", ["x"], ["y"], ("pads", new long[] { 0, 0, 1, 2, 0, 0, 3, 4 }), ("value", 0.5f)).Output("y").Lines()[1]);
        Assert.Equal(line, Model(13).Integers("p", 0, 0, 1, 2, 0, 0, 3, 4).Floats("v", [], 0.5f).Node("pad", "Pad", ["x", "p", "v"], ["y"]).Output("y").Lines()[1]);
        Assert.Equal(line, Model(18).Integers("p", 1, 2, 3, 4).Floats("v", [], 0.5f).Integers("a", 2, -1).Node("pad", "Pad", ["x", "p", "v", "a"], ["y"]).Output("y").Lines()[1]);
        Assert.Contains("its mode 'wrap' is not supported", Model(19).Integers("p", 0, 0, 1, 1, 0, 0, 1, 1).Node("pad", "Pad", ["x", "p"], ["y"], ("mode", "wrap")).Output("y").Error());
        Assert.EndsWith("Mode = PadMode.Reflect)]", Model(13).Integers("p", 0, 0, 1, 1, 0, 0, 1, 1).Node("pad", "Pad", ["x", "p"], ["y"], ("mode", "reflect")).Output("y").Lines()[1]);
    }

    [Fact]
    public void Expand_multiplies_by_ones()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 3, 1).Integers("shape", 2, 1, 4).Node("wide", "Expand", ["x", "shape"], ["y"]).Output("y");
        Assert.Equal(TensorShape.Of(2, 3, 4), model.OutputShape());
        Assert.Equal([2, 1, 4], Assert.Single(model.Import().Weights).Value.Shape);
    }

    [Theory]
    [InlineData("DCR", "[DepthToSpace(2, Mode = DepthToSpaceMode.DepthColumnRow)]")]
    [InlineData("CRD", "[DepthToSpace(2)]")]
    public void DepthToSpace_has_two_orders(string mode, string line) =>
        Assert.Equal(line, new OnnxBuilder(13).Input("x", 1, 8, 4, 4).Node("DepthToSpace", ["x"], ["y"], ("blocksize", 2), ("mode", mode)).Output("y").Lines()[1]);

    [Fact]
    public void SpaceToDepth_and_concat_are_read()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 2, 4, 4).Node("s", "SpaceToDepth", ["x"], ["a"], ("blocksize", 2)).Node("join", "Concat", ["a", "a"], ["y"], ("axis", -1)).Output("y");
        Assert.Equal(["[Input(\"x\", 2, 4, 4)]", "[SpaceToDepth(\"spacetodepth1\", 2)]", "[Concat(\"join\", \"spacetodepth1\", \"spacetodepth1\", Axis = 3)]"], model.Lines());
    }
}
