using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class ResizeTests
{
    [Fact]
    public void Upsample_has_scales_in_an_attribute_or_an_input()
    {
        Assert.Equal("[Upsample(\"up\", 2)]", Model(7).Node("up", "Upsample", ["x"], ["y"], ("scales", new float[] { 1, 1, 2, 2 })).Output("y").Lines()[1]);
        Assert.Equal("[Upsample(\"up\", 2)]", Scaled(9, "Upsample", ["x", "s"], 2).Lines()[1]);
    }

    [Fact]
    public void An_early_linear_resize_is_asymmetric() => Assert.Equal(
        "[Resize(\"up\", Height = 16, Width = 16, Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.Asymmetric)]",
        Scaled(10, "Resize", ["x", "s"], 2, ("mode", "linear")).Lines()[1]);

    [Fact]
    public void An_early_nearest_resize_rounds_up_where_it_shrinks()
    {
        Assert.EndsWith("Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Ceil)]", Scaled(10, "Resize", ["x", "s"], 0.6f).Lines()[1]);
        OnnxBuilder mixed = Model(10).Floats("s", [4], 1, 1, 2, 0.5f).Node("up", "Resize", ["x", "s"], ["y"]).Output("y");
        Assert.Contains("enlarges one dimension and shrinks another", mixed.Error());
    }

    [Fact]
    public void Resize_takes_scales_or_sizes()
    {
        Assert.Equal("[Resize(\"up\", Scale = 1.7f, Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.PytorchHalfPixel)]",
            Scaled(11, "Resize", ["x", "", "s"], 1.7f, ("mode", "linear"), ("coordinate_transformation_mode", "pytorch_half_pixel")).Lines()[1]);
        OnnxBuilder sizes = Model(13).Integers("sizes", 1, 2, 12, 20).Node("up", "Resize", ["x", "", "", "sizes"], ["y"], ("nearest_mode", "floor")).Output("y");
        Assert.Equal("[Resize(\"up\", Height = 12, Width = 20, Rounding = NearestRounding.Floor)]", sizes.Lines()[1]);
        OnnxBuilder axes = Model(18).Integers("sizes", 12, 20).Node("up", "Resize", ["x", "", "", "sizes"], ["y"], ("axes", new long[] { 2, 3 }), ("nearest_mode", "floor")).Output("y");
        Assert.Equal(sizes.Lines(), axes.Lines());
        Assert.Equal("[Upsample(\"up\", 3, Mode = ResizeMode.Linear)]", Scaled(19, "Resize", ["x", "", "s"], 3, ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel_symmetric")).Lines()[1]);
    }

    [Theory]
    [InlineData("mode", "cubic")]
    [InlineData("coordinate_transformation_mode", "tf_crop_and_resize")]
    [InlineData("keep_aspect_ratio_policy", "not_larger")]
    [InlineData("antialias", 1)]
    public void What_no_layer_does_is_refused(string attribute, object value) =>
        Assert.Contains("not supported", Scaled(18, "Resize", ["x", "", "s"], 2, (attribute, value)).Error());

    private static OnnxBuilder Model(int opset) => new OnnxBuilder(opset).Input("x", 1, 2, 8, 8);

    private static OnnxBuilder Scaled(int opset, string opType, string[] inputs, float scale, params (string, object)[] attributes) =>
        Model(opset).Floats("s", [4], 1, 1, scale, scale).Node("up", opType, inputs, ["y"], attributes).Output("y");
}
