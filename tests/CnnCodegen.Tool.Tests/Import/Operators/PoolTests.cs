using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class PoolTests
{
    [Fact]
    public void MaxPool_steps_by_one_unless_it_has_strides()
    {
        OnnxBuilder model = new OnnxBuilder(12).Input("x", 1, 2, 9, 9)
            .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("dilations", new long[] { 2, 2 }), ("ceil_mode", 1))
            .Output("y");
        Assert.Equal("[MaxPool(3, Stride = 1, Dilation = 2, CeilMode = true)]", model.Lines()[1]);
        Assert.Equal(TensorShape.Of(1, 2, 5, 5), model.OutputShape());
    }

    [Fact]
    public void AveragePool_keeps_what_it_divides_by()
    {
        OnnxBuilder model = new OnnxBuilder(12).Input("x", 1, 2, 8, 8)
            .Node("AveragePool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 1, 0 }), ("count_include_pad", 1))
            .Output("y");
        Assert.Equal("[AveragePool(KernelShape = [3, 2], Stride = 2, Pads = [1, 0, 1, 0], CountIncludePad = true)]", model.Lines()[1]);
    }

    [Fact]
    public void The_indices_of_MaxPool_are_refused_only_where_they_are_read()
    {
        OnnxBuilder model = new OnnxBuilder(12).Input("x", 1, 2, 8, 8)
            .Node("MaxPool", ["x"], ["y", "indices"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Output("y");
        Assert.Equal("[MaxPool(2)]", model.Lines()[1]);
        Assert.Contains("it reads 'indices'", model.Output("indices").Error());
    }

    [Theory]
    [InlineData("GlobalAveragePool")]
    [InlineData("GlobalMaxPool")]
    public void Global_pools_keep_the_rank(string opType)
    {
        OnnxBuilder model = new OnnxBuilder(12).Input("x", 1, 2, 8, 8).Node(opType, ["x"], ["y"]).Output("y");
        Assert.Equal($"[{opType}]", model.Lines()[1]);
        Assert.Equal(TensorShape.Of(1, 2, 1, 1), model.OutputShape());
    }

    [Fact]
    public void ReduceMean_has_its_axes_in_an_attribute_or_an_input()
    {
        OnnxBuilder old = new OnnxBuilder(11).Input("x", 1, 2, 8, 8).Node("mean", "ReduceMean", ["x"], ["y"], ("axes", new long[] { -2, -1 }), ("keepdims", 0)).Output("y");
        OnnxBuilder recent = new OnnxBuilder(18).Input("x", 1, 2, 8, 8).Integers("axes", 2, 3).Node("mean", "ReduceMean", ["x", "axes"], ["y"], ("keepdims", 0)).Output("y");
        Assert.Equal("[ReduceMean(\"mean\", 2, 3, KeepDims = false)]", old.Lines()[1]);
        Assert.Equal(old.Lines(), recent.Lines());
    }

    [Fact]
    public void ReduceMean_without_axes_reduces_all_or_nothing()
    {
        OnnxBuilder Model(int noop) => new OnnxBuilder(18).Input("x", 1, 2, 8).Node("mean", "ReduceMean", ["x"], ["y"], ("noop_with_empty_axes", noop)).Output("y");
        Assert.Equal("[ReduceMean(\"mean\", 0, 1, 2)]", Model(0).Lines()[1]);
        Assert.Equal("[Identity(\"identity1\")]", Model(1).Lines()[1]);
    }
}
