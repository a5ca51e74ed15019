using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0011DoesNotFitTests
{
    [Theory]
    [InlineData("""Conv("a", 4, Kernel = 9)""", "a window of 9 pixels does not fit an input of 8 pixels padded by 0 and 0; pad more, or take a smaller Kernel or Dilation")]
    [InlineData("""Conv("a", 4, Kernel = 3, Groups = 2)""", "Groups is 2; it must divide the 3 input channels and the 4 output channels")]
    [InlineData("""Conv("a", 4, KernelShape = [3])""", "KernelShape has 1 entries; it needs 2, one for each spatial dimension")]
    [InlineData("""Conv("a", 4, Kernel = 3, Pads = [1, 1])""", "Pads has 2 entries; it needs 4, first the 2 beginnings of the spatial dimensions, then their 2 ends")]
    [InlineData("""Conv("a", 4, Kernel = 1000000, Dilation = 1000000)""", "a dimension of the result is too large")]
    [InlineData("""Upsample("a", 1000)""", "the result 1x3x8000x8000 is larger than 536870910 elements with its channels in whole vectors")]
    [InlineData("""Conv("a", 3, Kernel = 1, Padding = 50000, Stride = 50000)""", "the padded input 1x3x100008x100008 is larger than 536870910 elements with its channels in whole vectors; pad less")]
    [InlineData("""DepthwiseConv("a", Kernel = 1, Multiplier = 100000000)""", "3 channels times the Multiplier 100000000 are too many; take a smaller Multiplier")]
    [InlineData("""Reshape("a", 1, 5)""", "1x3x8x8 has 192 elements and 1x5 has 5")]
    [InlineData("""Split("a", 2)""", "the 3 elements of dimension 1 do not make 2 equal parts; give Sizes")]
    [InlineData("""Split("a", 2, Sizes = [2, 2])""", "Sizes sum to 4, and dimension 1 has 3 elements; make them equal")]
    [InlineData("""Softmax("a", Axis = 4)""", "axis 4 is outside a tensor of rank 4 (1x3x8x8)")]
    [InlineData("""Slice("a", Starts = [3], Ends = [3], Axes = [2])""", "the result would be 1x3x0x8; every dimension must be at least 1")]
    [InlineData("""Pad("a", Pads = [1])""", "Pads has 1 entries; it needs 8, first the beginnings of all 4 dimensions, then their ends")]
    public void The_message_names_layer_shape_and_reason(string attribute, string reason) => Definition.LayersReport("CNN0011",
        $"{attribute[..attribute.IndexOf('(')]} 'a' cannot read 1x3x8x8 of 'x': {reason}",
        $"[Input(\"x\", 3, 8, 8), {{|{attribute}|}}, Output(\"x\")]");

    [Theory]
    [InlineData("Lookup(4, 2)", "a window of 9 pixels does not fit an input of 8 pixels padded by 0 and 0; pad more, or take a smaller Kernel or Dilation")]
    [InlineData("SparseDecomposed(1000000000, 0.5)", "3 channels times the bases 1000000000 are too many; take a smaller bases", 3)]
    [InlineData("Binary", "a window of 9 pixels does not fit an input of 8 pixels padded by 0 and 0; pad more, or take a smaller Kernel or Dilation")]
    [InlineData("Xnor", "a window of 9 pixels does not fit an input of 8 pixels padded by 0 and 0; pad more, or take a smaller Kernel or Dilation")]
    public void A_step_of_a_refined_layer_is_not_named(string refinement, string reason, int kernel = 9) => Definition.LayersReport("CNN0011",
        $"Conv 'a' cannot read 1x3x8x8 of 'x': {reason}",
        $"[Input(\"x\", 3, 8, 8), {{|Conv(\"a\", 4, Kernel = {kernel}, Bias = false)|}}, {refinement}]");

    [Theory]
    [InlineData("MaxPool(2, Dilation = 3, Padding = 1)", "padding 1 and 1 leaves windows of 4 pixels with nothing but padding; pad less than the kernel and its Dilation")]
    [InlineData("MaxPool(2, Padding = 2)", "padding 2 and 2 leaves windows of 2 pixels with nothing but padding; pad less than the kernel and its Dilation")]
    public void A_window_sees_a_pixel(string attribute, string reason) => Definition.LayersReport("CNN0011",
        $"MaxPool 'maxpool1' cannot read 1x3x2x2 of 'x': {reason}",
        $"[Input(\"x\", 3, 2, 2), Relu, {{|{attribute}|}}]");

    [Fact]
    public void Both_shapes_are_named() => Definition.LayersReport("CNN0011",
        "Add 'sum' cannot read 1x3x8x8 of 'x' and 1x3x4x4 of 'maxpool1': the shapes 1x3x8x8 and 1x3x4x4 do not broadcast: 8 against 4; make the dimensions equal, or one of them 1",
        """[Input("x", 3, 8, 8), Relu, MaxPool(2), {|Add("sum", "x", "maxpool1")|}]""");

    [Theory]
    [InlineData("""Conv("a", 4, Kernel = 3)""", "Conv 'a'", "it needs batch, channels and at least one spatial dimension")]
    [InlineData("""Upsample("a", 2)""", "Upsample 'a'", "it needs batch, channels and at least one spatial dimension")]
    [InlineData("""Resize("a", Height = 2, Width = 2)""", "Resize 'a'", "Height and Width are those of N x C x H x W; give Sizes for another number of dimensions")]
    public void A_window_needs_spatial_dimensions(string attribute, string title, string reason) => Definition.LayersReport("CNN0011",
        $"{title} cannot read 1x3 of 'x': {reason}",
        $"[Input(\"x\", 3), {{|{attribute}|}}]");

    [Fact]
    public void Independent_errors_are_listed_at_once_and_what_follows_from_one_is_not()
    {
        GeneratorRun run = GeneratorHost.Run(Definition.Source("""
            [Network]
            [Input("x", 3, 8, 8)]
            [Conv("a", 4, Kernel = 9), Relu, MaxPool(2)]
            [Conv("b", 0, Kernel = 3)]
            [Conv("c", 4, Kernel = 3, From = "x"), Add("sum", "a", "b")]
            [Linear("d", 10, From = "y")]
            """));

        Assert.Equal(
            [("CNN0011", "Conv(\"a\", 4, Kernel = 9)"), ("CNN0010", "Conv(\"b\", 0, Kernel = 3)"), ("CNN0009", "Linear(\"d\", 10, From = \"y\")")],
            run.Diagnostics.Select(diagnostic => (diagnostic.Id, Definition.Text(diagnostic))));
    }

    [Fact]
    public void What_the_compiler_has_reported_is_not_reported_again()
    {
        GeneratorRun run = GeneratorHost.Run(Definition.Source("""[Network, Input("x", 3, 8, 8), Conv("a"), Relu("r", From = "a"), Conv("b", "4")]"""));

        Assert.Empty(run.Diagnostics);
        Assert.Empty(Definition.Models(run));
        Assert.Equal(2, run.CompilerDiagnostics.Length);
    }
}
