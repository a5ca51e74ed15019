using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

public class RewriteTests
{
    [Theory]
    [InlineData("Div", 6f)]
    [InlineData("Mul", 1f / 6)]
    public void Hard_swish_is_recognised_as_exporters_write_it(string opType, float factor)
    {
        OnnxBuilder product = Gate().Floats("k", [], factor).Node("Mul", ["c", "gate"], ["m"]).Node(opType, ["m", "k"], ["y"]).Output("y");
        Assert.EndsWith("Bias = false), HardSwish]", product.Lines()[^1]);
        OnnxBuilder gate = Gate().Floats("k", [], factor).Node(opType, ["gate", "k"], ["g"]).Node("Mul", ["g", "c"], ["y"]).Output("y");
        Assert.EndsWith("Bias = false), HardSwish]", gate.Lines()[^1]);
        OnnxBuilder sigmoid = Gate().Floats("k", [], factor).Node(opType, ["gate", "k"], ["y"]).Output("y");
        Assert.EndsWith("Bias = false), HardSigmoid]", sigmoid.Lines()[^1]);
    }

    [Fact]
    public void What_is_no_hard_swish_stays()
    {
        OnnxBuilder swish = Conv().Node("Sigmoid", ["c"], ["s"]).Node("m", "Mul", ["c", "s"], ["yy"]).Output("yy");
        Assert.Equal(["[Sigmoid(\"sigmoid1\")]", "[Mul(\"yy\", \"conv\", \"sigmoid1\")]"], swish.Lines()[2..]);
        OnnxBuilder seventh = Gate().Floats("k", [], 7).Node("Div", ["gate", "k"], ["y"]).Output("y");
        Assert.Contains("Relu6", string.Concat(seventh.Lines()));
        OnnxBuilder read = Gate().Floats("k", [], 6).Node("Div", ["gate", "k"], ["y"]).Output("y", "gate");
        Assert.Contains("Relu6", string.Concat(read.Lines()));
    }

    [Theory]
    [InlineData(new long[] { 1, 4, 2, 4, 4 }, new long[] { 0, 2, 1, 3, 4 }, new long[] { 1, 8, 4, 4 }, "[ChannelShuffle(4)]")]
    [InlineData(new long[] { 1, 2, 2, 2, 4, 4 }, new long[] { 0, 1, 4, 2, 5, 3 }, new long[] { 1, 2, 8, 8 }, "[DepthToSpace(2)]")]
    [InlineData(new long[] { 1, 2, 2, 2, 4, 4 }, new long[] { 0, 3, 4, 1, 5, 2 }, new long[] { 1, 2, 8, 8 }, "[DepthToSpace(2, Mode = DepthToSpaceMode.DepthColumnRow)]")]
    [InlineData(new long[] { 1, 8, 2, 2, 2, 2 }, new long[] { 0, 3, 5, 1, 2, 4 }, new long[] { 1, 32, 2, 2 }, "[SpaceToDepth(2)]")]
    public void Reshape_transpose_reshape_is_a_move_of_channels(long[] split, long[] perm, long[] end, string line) =>
        Assert.Equal(line, Assert.Single(Moved(split, perm, end).Lines()[1..]));

    [Theory]
    [InlineData(new long[] { 1, 4, 2, 4, 4 }, new long[] { 0, 2, 1, 4, 3 }, new long[] { 1, 8, 4, 4 })]
    [InlineData(new long[] { 1, 4, 2, 4, 4 }, new long[] { 0, 2, 1, 3, 4 }, new long[] { 1, 8, 2, 8 })]
    public void Another_order_is_none(long[] split, long[] perm, long[] end) => Assert.Equal(3, Moved(split, perm, end).Lines().Length - 1);

    [Fact]
    public void Zeros_joined_to_a_value_are_padding()
    {
        OnnxBuilder model = Conv().Floats("zeros", [1, 1, 4, 4], new float[16]).Node("j", "Concat", ["zeros", "c"], ["yy"], ("axis", 1)).Output("yy");
        Assert.Equal("[Pad(\"yy\", Pads = [0, 1, 0, 0, 0, 0, 0, 0])]", model.Lines()[2]);
        Assert.Equal(["conv.weight"], model.Import().Weights.Keys);
    }

    [Fact]
    public void Dead_nodes_are_dropped_even_where_they_are_not_supported()
    {
        OnnxBuilder model = Conv().Node("NonMaxSuppression", ["c"], ["dead"]).Node("Relu", ["c"], ["unread"]).Output("c");
        Assert.Equal(2, model.Lines().Length);
    }

    private static OnnxBuilder Conv() => new OnnxBuilder(11).Input("x", 1, 2, 4, 4).Weight("w", 2, 2, 1, 1).Node("conv", "Conv", ["x", "w"], ["c"]);

    private static OnnxBuilder Gate() => Conv().Floats("three", [], 3).Floats("zero", [], 0).Floats("six", [], 6)
        .Node("Add", ["c", "three"], ["shifted"]).Node("Clip", ["shifted", "zero", "six"], ["gate"]);

    private static OnnxBuilder Moved(long[] split, long[] perm, long[] end) => new OnnxBuilder(11).Input("x", 1, 8, 4, 4).Integers("split", split).Integers("end", end)
        .Node("Reshape", ["x", "split"], ["a"]).Node("Transpose", ["a"], ["b"], ("perm", perm)).Node("Reshape", ["b", "end"], ["y"]).Output("y");
}
