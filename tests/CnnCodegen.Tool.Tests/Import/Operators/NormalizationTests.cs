using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import.Operators;

public class NormalizationTests
{
    [Fact]
    public void BatchNormalization_keeps_the_names_of_its_tensors()
    {
        OnnxBuilder model = Norm(9, ["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]).Output("y");
        Assert.Equal("[BatchNorm(\"bn\", Epsilon = 0.001f)]", model.Lines()[1]);
        Assert.Equal(["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"], model.Import().Weights.Keys);
    }

    [Fact]
    public void A_factor_and_a_summand_per_channel_fold_into_a_batch_norm()
    {
        OnnxBuilder model = Norm(9, ["s", "b", "m", "v"]).Floats("f", [2, 1, 1], 2, 4).Floats("t", [1, 2, 1, 1], 10, 20)
            .Node("Mul", ["y", "f"], ["scaled"]).Node("Add", ["scaled", "t"], ["z"]).Output("z");
        Assert.Equal(2, model.Lines().Length);
        Assert.Equal([1, 4], model.Import().Weights["norm.weight"].Data);
        Assert.Equal([11, 24], model.Import().Weights["norm.bias"].Data);
    }

    [Fact]
    public void Training_and_statistics_per_pixel_are_refused()
    {
        Assert.Contains("it is in training mode", Norm(14, ["s", "b", "m", "v"], ("training_mode", 1)).Output("y").Error());
        Assert.Contains("spatial = 0", Norm(7, ["s", "b", "m", "v"], ("spatial", 0)).Output("y").Error());
    }

    [Fact]
    public void InstanceNormalization_and_LRN_have_their_options()
    {
        OnnxBuilder instance = new OnnxBuilder(9).Input("x", 1, 2, 4, 4).Weight("in.weight", 2).Weight("in.bias", 2)
            .Node("InstanceNormalization", ["x", "in.weight", "in.bias"], ["y"], ("epsilon", 1e-3f)).Output("y");
        Assert.Equal("[InstanceNorm(\"in\", Epsilon = 0.001f)]", instance.Lines()[1]);
        OnnxBuilder lrn = new OnnxBuilder(9).Input("x", 1, 8, 4, 4).Node("LRN", ["x"], ["y"], ("size", 5), ("alpha", 0.5f), ("beta", 0.75f), ("bias", 2f)).Output("y");
        Assert.Equal("[LocalResponseNorm(5, Alpha = 0.5f, K = 2)]", lrn.Lines()[1]);
    }

    [Theory]
    [InlineData(13, -1, "[Softmax]")]
    [InlineData(13, 1, "[Softmax(Axis = 1)]")]
    [InlineData(11, 3, "[Softmax]")]
    public void Softmax_sums_over_one_dimension(int opset, int axis, string line)
    {
        OnnxBuilder model = new OnnxBuilder(opset).Input("x", 2, 3, 4, 5).Node("Softmax", ["x"], ["y"], ("axis", axis)).Output("y");
        Assert.Equal(line, model.Lines()[1]);
    }

    [Fact]
    public void Early_softmax_sums_over_all_dimensions_from_its_axis_on()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("x", 2, 3, 4, 5).Node("LogSoftmax", ["x"], ["y"]).Output("y");
        Assert.Equal(["[Input(\"x\", 3, 4, 5)]", "[Flatten, LogSoftmax]", "[Reshape(\"reshape1\", 2, 3, 4, 5)]"], model.Lines());
        OnnxBuilder flat = new OnnxBuilder(11).Input("x", 2, 3, 1, 1).Node("Softmax", ["x"], ["y"]).Output("y");
        Assert.Equal("[Softmax(Axis = 1)]", flat.Lines()[1]);
    }

    private static OnnxBuilder Norm(int opset, string[] weights, params (string, object)[] attributes)
    {
        OnnxBuilder model = new OnnxBuilder(opset).Input("x", 1, 2, 4, 4);
        foreach (string weight in weights) model.Weight(weight, 2);
        return model.Node("norm", "BatchNormalization", ["x", .. weights], ["y"], [("epsilon", 1e-3f), .. attributes]);
    }
}
