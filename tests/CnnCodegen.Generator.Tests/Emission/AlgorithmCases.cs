using CnnCodegen.Generator.Algorithms;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>
/// For each entry of the catalog a small network that uses it on every instruction set, and is called as the entry. An entry
/// without a network fails <see cref="AlgorithmSnapshotTests"/>.
/// </summary>
internal static class AlgorithmCases
{
    private static readonly Dictionary<string, string> Layers = new()
    {
        ["int8"] = """
            [Input("x", 3, 5, 6)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [Conv("conv1", 12, Kernel = 3, Padding = 1), Int8, Relu, Quantize(0.5f)]
            [Conv("conv2", 12, Kernel = 1), Int8, Add("sum", "conv2", "conv1"), Quantize(0.75f, ZeroPoint = 9)]
            [Linear("fc", 5), Int8]
            """,
        ["int8winograd2x2"] = """
            [Input("x", 16, 5, 6)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [Conv("conv1", 16, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Int8Winograd2x2), Int8, Relu, Quantize(0.5f)]
            [Conv("conv2", 16, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Int8Winograd2x2), Int8, Add("sum", "conv2", "codes"), Quantize(0.75f, ZeroPoint = 9)]
            [Linear("fc", 5), Int8]
            """,
        ["int8winograd3x3"] = """
            [Input("x", 16, 5, 6)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [Conv("conv1", 16, Kernel = 3, Stride = 2, Padding = 1, Algorithm = ConvAlgorithm.Int8Winograd3x3), Int8]
            """,
        ["int8winograd4x4"] = """
            [Input("x", 16, 5, 6)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [Conv("conv1", 16, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Int8Winograd4x4), Int8, Relu, Quantize(0.5f)]
            """,
        ["int8strassen"] = """
            [Input("x", 32, 3, 5)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [Conv("conv1", 32, Kernel = 1, Algorithm = ConvAlgorithm.Int8Strassen), Int8, Relu, Quantize(0.5f)]
            [Conv("conv2", 32, Kernel = 1, Stride = 2, Algorithm = ConvAlgorithm.Int8Strassen), Int8]
            """,
        ["int8 depthwise"] = """
            [Input("x", 12, 5, 6)]
            [Quantize("codes", 0.25f, ZeroPoint = 5)]
            [DepthwiseConv("conv1", Kernel = 3, Padding = 1), Int8, Relu, Quantize(0.5f)]
            [DepthwiseConv("conv2", Kernel = 5, Stride = 2, Padding = 2), Int8, Quantize(0.75f, ZeroPoint = 9)]
            [Linear("fc", 5), Int8]
            """,
        ["codes"] = """
            [Input("x", 5, 5, 9)]
            [Conv("float", 20, Kernel = 1), Quantize(0.25f, ZeroPoint = 5)]
            [Quantize("codes", 0.25f, ZeroPoint = 5, From = "x")]
            [Conv("conv1", 4, Kernel = 3, Padding = 1), Int8, Quantize(0.5f), Sigmoid]
            [Conv("conv2", 4, Kernel = 3, Padding = 1, From = "float"), Int8]
            [Output("conv1", "conv2")]
            """,
        ["code pool"] = """
            [Input("x", 8, 6, 6)]
            [Quantize(0.25f), Conv("conv", 36, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Int8), Int8, Quantize(0.5f)]
            [MaxPool("max", 3, Stride = 2, Padding = 1)]
            """,
        ["code sum"] = """
            [Input("x", 8, 6, 6)]
            [Quantize("codes", 0.25f)]
            [Conv("a", 12, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Int8), Int8, Quantize(0.5f)]
            [Conv("b", 12, Kernel = 1, From = "codes", Algorithm = ConvAlgorithm.Int8), Int8, Quantize(0.75f, ZeroPoint = 3)]
            [Add("sum", "a", "b"), Relu, Quantize(0.5f)]
            """,
        ["depthwise"] = """
            [Input("x", 8, 6, 6)]
            [DepthwiseConv("dw", Kernel = 3, Padding = 1), BatchNorm, Relu6]
            [DepthwiseConv("signs", Kernel = 3, Padding = 1), BinaryWeight, Relu6]
            """,
        ["direct"] = """
            [Input("x", 3, 7, 7)]
            [Conv("conv1", 16, Kernel = 3, Padding = 1), BatchNorm, Relu]
            [Conv("conv2", 16, Kernel = 1), Add("sum", "conv2", "conv1"), Relu]
            [Linear("fc", 5)]
            """,
        ["fused"] = """
            [Input("x", 5, 90, 78)]
            [Conv("expand", 16, Kernel = 1), Relu6]
            [DepthwiseConv("dw", Kernel = 3, Stride = 2, Padding = 1), Relu6]
            """,
        ["fft"] = """
            [Input("x", 8, 6, 9)]
            [Conv("conv", 8, Kernel = 5, Padding = 2, Algorithm = ConvAlgorithm.Fft), Relu]
            [DepthwiseConv("dw", Kernel = 5, Padding = 2, Algorithm = ConvAlgorithm.Fft), Add("sum", "dw", "conv")]
            """,
        ["strassen"] = """
            [Input("x", 32, 4, 6)]
            [Conv("conv1", 32, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Strassen), BatchNorm, Relu]
            [Conv("conv2", 64, Kernel = 1, Algorithm = ConvAlgorithm.Strassen)]
            [Conv("conv3", 64, Kernel = 1, Algorithm = ConvAlgorithm.Strassen), Add("sum", "conv3", "conv2"), Relu]
            """,
        ["winograd2x2"] = """
            [Input("x", 8, 4, 6)]
            [Conv("conv", 8, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), BatchNorm, Relu]
            """,
        ["winograd3x3"] = """
            [Input("x", 20, 11, 13)]
            [Conv("strided", 8, Kernel = 3, Stride = 2, Padding = 1, Algorithm = ConvAlgorithm.Winograd3x3), Relu]
            [Conv("dilated", 8, Kernel = 3, Dilation = 2, Padding = 2, Algorithm = ConvAlgorithm.Winograd3x3), Add("sum", "dilated", "strided")]
            """,
        ["winograd4x4"] = """
            [Input("x", 16, 9, 9)]
            [Conv("conv1", 16, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4)]
            [Add("sum", "conv1", "x"), Relu]
            """,
        ["winograd6x6"] = """
            [Input("x", 8, 12, 12)]
            [Conv("conv", 8, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd6x6)]
            """,
        ["grouped"] = """
            [Input("x", 6, 5, 6)]
            [Conv("narrow", 10, Kernel = 3, Padding = 1, Groups = 2), BatchNorm, Relu]
            [Conv("mix", 10, Kernel = 1, Groups = 2), Add("sum", "mix", "narrow"), Relu]
            [Conv("strided", 5, Kernel = 3, Stride = 2, Padding = 1, Groups = 5)]
            """,
        ["sparse"] = """
            [Input("x", 6, 9, 18)]
            [DepthwiseConv("depthwise", Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Sparse), Sparse(0.5), Relu]
            [MaxPool("blocks", 2, Stride = 1)]
            [Conv("conv", 8, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Sparse), Sparse(0.2), BatchNorm, Relu]
            [Conv("strided", 8, Kernel = 3, Stride = 2, Padding = 1, Algorithm = ConvAlgorithm.Sparse), Sparse(0.2)]
            [Conv("mix", 8, Kernel = 1, Algorithm = ConvAlgorithm.Sparse), Sparse(0.3), Add("sum", "mix", "strided"), Relu]
            [Conv("last", 8, Kernel = 1, Algorithm = ConvAlgorithm.Sparse), Sparse(0.3), Relu, MaxPool("after", 2, Stride = 1)]
            [Linear("fc", 5), Sparse(0.05), Sigmoid]
            """,
        ["shapewise"] = """
            [Input("x", 6, 5, 7)]
            [Conv("conv", 16, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Shapewise), Sparse(0.5, Shared = true), BatchNorm, Relu]
            [Conv("mix", 16, Kernel = 1, Algorithm = ConvAlgorithm.Shapewise), Sparse(0.5, Shared = true), Add("sum", "mix", "conv"), Relu]
            """,
        ["unrolled"] = """
            [Input("x", 6, 9, 10)]
            [Conv("conv", 8, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Unrolled), Sparse(0.2, Unroll = true), BatchNorm, Relu]
            [Conv("mix", 8, Kernel = 1, Algorithm = ConvAlgorithm.Unrolled), Sparse(0.3, Unroll = true), Add("sum", "mix", "conv"), Relu]
            [Linear("fc", 5), Sparse(0.0625, Unroll = true), Sigmoid]
            """,
        ["transposed"] = """
            [Input("x", 8, 3, 4)]
            [ConvTranspose("grow", 8, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1), BatchNorm, Relu]
            """,
        ["signsums"] = """
            [Input("x", 3, 7, 9)]
            [Conv("conv", 12, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.SignSums), BinaryWeight, BatchNorm, Relu]
            [Conv("groups", 18, Kernel = 1, Groups = 3, Algorithm = ConvAlgorithm.SignSums), BinaryWeight, Relu]
            [Conv("mix", 12, Kernel = 1, Algorithm = ConvAlgorithm.SignSums), BinaryWeight, Add("sum", "mix", "conv"), Relu]
            [Conv("bits", 8, Kernel = 3, Algorithm = ConvAlgorithm.SignSums), BinaryWeight, Binarize("signs")]
            [Conv("last", 5, Kernel = 3), Binary, Relu]
            [Linear("fc", 43), BinaryWeight, Relu]
            """,
        ["sliced"] = """
            [Input("x", 70, 6, 14)]
            [Binarize, Conv("conv1", 66, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Sliced), Binary, BatchNorm, Binarize("signs")]
            [Conv("conv2", 12, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Sliced, From = "x"), DoReFa(2, 2), BatchNorm, Quantize("codes", 3, Reciprocal = true, Bits = 2)]
            [Output("signs", "codes")]
            """,
        ["nibbles"] = """
            [Input("x", 70, 7, 6)]
            [Binarize, Conv("conv1", 66, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Nibbles), Binary, BatchNorm, Binarize("signs")]
            [Conv("conv2", 128, Kernel = 1, Stride = 2, Algorithm = ConvAlgorithm.Nibbles), Binary, Binarize("half")]
            [Output("half")]
            """,
        ["popcount"] = """
            [Input("x", 64, 5, 5)]
            [Conv("conv1", 70, Kernel = 3, Padding = 1, Algorithm = ConvAlgorithm.Popcount), Binary, BatchNorm, Binarize]
            [Conv("conv2", 64, Kernel = 3, Padding = 1), Binary, Add("sum", "conv2", "x"), Relu]
            [Linear("fc", 5), Bitwise(0.25)]
            """,
        ["bits"] = """
            [Input("x", 70, 4, 4)]
            [Binarize, Conv("conv1", 70, Kernel = 3, Padding = 1), Binary(PadValue = BinaryPadding.PlusOne), MaxPool("pool", 2), Binarize("signs")]
            [Output("signs")]
            """,
        ["pool"] = """
            [Input("x", 8, 6, 6)]
            [MaxPool("max", 3, Stride = 2, Padding = 1)]
            [AveragePool("average", 2, Stride = 1)]
            """,
        ["global pool"] = """
            [Input("x", 8, 3, 3)]
            [GlobalAveragePool("average"), GlobalMaxPool("max", From = "x")]
            [Output("average", "max")]
            """,
        ["reduction"] = """
            [Input("x", 8, 4, 20)]
            [ReduceMean("mean", 1)]
            """,
        ["elementwise"] = """
            [Input("x", 8, 3, 3), Input("scale", 8, 1, 1)]
            [Mul("scaled", "x", "scale"), PRelu]
            [Sigmoid("gate")]
            """,
        ["upsample"] = """
            [Input("x", 8, 3, 3)]
            [Upsample("nearest", 2)]
            [Resize("linear", Scale = 1.5f, Mode = ResizeMode.Linear)]
            """,
        ["reorder"] = """
            [Input("x", 4, 2, 3), Input("y", 2, 2, 3)]
            [Concat("both", "x", "y")]
            """,
        ["movement"] = """
            [Input("x", 4, 2, 3)]
            [ChannelShuffle("shuffle", 2)]
            [Pad("pad", Padding = 1, Mode = PadMode.Reflect)]
            [Transpose("channelsLast", 0, 2, 3, 1)]
            """,
        ["reference"] = """
            [Input("x", 4, 3, 3)]
            [LocalResponseNorm("lrn", 3)]
            [Conv("grouped", 4, Kernel = 2, Groups = 2, Algorithm = ConvAlgorithm.Reference), Elu]
            [Softmax("softmax")]
            """,
    };

    /// <summary>Everything with a sign, a fraction or a case in its text, beside the algorithms.</summary>
    private const string Numbers = """
        using CnnCodegen;

        namespace Demo;

        /// <summary>Has numbers of all kinds.</summary>
        [Network]
        [Input("image", 3, 9, 9)]
        [Conv("inner", 4, Kernel = 3, Padding = 1, Strides = [2, 1]), LeakyRelu(Alpha = -0.125f)]
        [Pad("pad", Pads = [0, 0, 2, 1, 0, 0, -1, -2], Value = -1.5e-7f)]
        [Clip(-1.5f, 2.25f)]
        [Resize("resize", Scale = 1.5f, Mode = ResizeMode.Linear)]
        [Slice("slice", Starts = [-1], Ends = [-5], Axes = [3], Steps = [-2])]
        [LocalResponseNorm("lrn", 3, Alpha = 1e-4f)]
        [Flatten, Linear("fc", 3), HardSigmoid(Alpha = -0.3f, Beta = -0.25f)]
        public sealed partial class Numbers;
        """;

    public static IEnumerable<string> Algorithms => AlgorithmCatalog.All.Select(algorithm => algorithm.Name);

    /// <summary>A file for each algorithm, and one for numbers.</summary>
    public static string[] Sources => [.. Algorithms.Select(Source), Numbers];

    /// <summary>The network's class: <c>global pool</c> is <c>Demo.GlobalPool</c>.</summary>
    public static string ClassOf(string algorithm) =>
        string.Concat(algorithm.Split(' ', '-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>A file with the network of an algorithm.</summary>
    public static string Source(string algorithm) => $"""
        using CnnCodegen;

        namespace Demo;

        /// <summary>Uses the algorithm {algorithm}.</summary>
        {NetworkOf(algorithm)}
        {LayersOf(algorithm)}
        public sealed partial class {ClassOf(algorithm)};
        """;

    /// <summary>Which weights of the networks are zero, where it matters.</summary>
    public static AdditionalText Manifest { get; } = new InMemoryFile("Unrolled.weights.json",
        $$"""{ "weights": "unrolled.safetensors", "nonZeros": { "conv.weight": "{{Bits(54, 3)}}", "mix.weight": "{{Bits(8, 2)}}", "fc.weight": "{{Bits(450, 1)}}" } }""");

    /// <summary>What loses too much accuracy has to be allowed, and the zeros of a file have to be known.</summary>
    private static string NetworkOf(string algorithm) => algorithm switch
    {
        "winograd6x6" => "[Network(Accuracy = Accuracy.Fast)]",
        "unrolled" => "[Network(Weights = \"unrolled.safetensors\")]",
        _ => "[Network]",
    };

    /// <summary>Some weights, differently many in each part of the tensor.</summary>
    private static string Bits(int bytes, int most) => Convert.ToBase64String([.. Enumerable.Range(0, bytes).Select(i => (byte)(i % (most + 1) == most ? 0 : 1 << (i * 5 % 8)))]);

    private static string LayersOf(string algorithm) => Layers.TryGetValue(algorithm, out string? layers) ? layers
        : throw new ArgumentException($"the algorithm '{algorithm}' has no network in {nameof(AlgorithmCases)}; add a small one that uses it");
}
