namespace CnnCodegen.Tool.Tests.Support;

/// <summary>Networks of a few layers, with what they compute.</summary>
internal static class SmallModels
{
    /// <summary>y = relu(3 x - 1) on 1x1x2x2, as a convolution of one weight.</summary>
    public static OnnxBuilder Scale() => new OnnxBuilder(13)
        .Input("x", 1, 1, 2, 2)
        .Floats("w", [1, 1, 1, 1], 3)
        .Floats("b", [1], -1)
        .Node("Conv", ["x", "w", "b"], ["scaled"])
        .Node("Relu", ["scaled"], ["y"])
        .Output("y");

    /// <summary>What <see cref="Scale"/> reads and writes.</summary>
    public static readonly float[] ScaleInput = [1, 0, -1, 2], ScaleOutput = [2, 0, 0, 5];

    public static readonly int[] ScaleShape = [1, 1, 2, 2];

    /// <summary>The same as a class; its weights are <see cref="ScaleWeights"/>.</summary>
    public const string ScaleClass = """
        using CnnCodegen;

        [Network(Weights = "numbers.safetensors")]
        [Input("x", 1, 2, 2)]
        [Conv("scaled", 1, Kernel = 1), Relu]
        public sealed partial class Scale;
        """;

    public static IEnumerable<(string, int[], ReadOnlyMemory<float>)> ScaleWeights =>
        [("scaled.weight", [1, 1, 1, 1], new float[] { 3 }), ("scaled.bias", [1], new float[] { -1 })];

    /// <summary>A convolution, perhaps a batch norm, a rectifier and a linear layer on 1x2x5x5, with random weights; <c>first</c> and <c>last</c> are those with weights.</summary>
    public static OnnxBuilder Chain(int channels = 4, bool norm = false)
    {
        OnnxBuilder model = new OnnxBuilder(13)
            .Input("x", 1, 2, 5, 5)
            .Floats("first.weight", [channels, 2, 3, 3], Random(channels * 18))
            .Floats("first.bias", [channels], Random(channels))
            .Floats("last.weight", [3, channels * 25], Random(3 * channels * 25))
            .Floats("last.bias", [3], Random(3))
            .Node("Conv", ["x", "first.weight", "first.bias"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }));
        if (norm)
        {
            model = model
                .Floats("norm.weight", [channels], Random(channels)).Floats("norm.bias", [channels], Random(channels))
                .Floats("norm.mean", [channels], Random(channels)).Floats("norm.var", [channels], [.. Random(channels).Select(v => 1.5f + v)])
                .Node("BatchNormalization", ["a", "norm.weight", "norm.bias", "norm.mean", "norm.var"], ["n"]);
        }

        return model
            .Node("Relu", [norm ? "n" : "a"], ["b"])
            .Node("Flatten", ["b"], ["c"])
            .Node("Gemm", ["c", "last.weight", "last.bias"], ["y"], ("transB", 1))
            .Output("y");
    }

    private static float[] Random(int length)
    {
        Random random = new(length);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
