using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Tests.Verification;

/// <summary>Integer inputs, outputs and operators against loops over integers, exactly.</summary>
public class IntegerCaseTests
{
    private static readonly TargetIsa[] Isas = [TargetIsa.Avx512, TargetIsa.Avx2, TargetIsa.Portable];

    /// <summary>The cases of the ONNX suite that read or write integers.</summary>
    [SharedDataTheory]
    [InlineData("test_basic_convinteger")]
    [InlineData("test_clip_default_int8_max")]
    [InlineData("test_dequantizelinear")]
    [InlineData("test_qlinearconv")]
    [InlineData("test_qlinearmatmul_2D")]
    [InlineData("test_quantizelinear")]
    [InlineData("test_reflect_pad")]
    [InlineData("test_shape")]
    public void Recorded_integers_are_met(string name) =>
        Assert.Equal($"pass {name}", CommandRun.Of("verify", Path.Combine(SharedData.Folder!, "onnx-node", name)).Lines[0]);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, -5)]
    public void ConvInteger_sums_what_is_left_of_the_zero_points(bool signed, int zero)
    {
        DataType type = Type(signed);
        const int channels = 9, kernels = 5, size = 6;
        (int[] x, int[] w) = (Codes(type, channels * size * size, 1), Codes(DataType.Int8, kernels * channels * 9, 2));
        int[] zeros = [0, 1, -1, 0, 1];
        OnnxBuilder model = new OnnxBuilder(13).Typed("x", type, 1, channels, size, size).Typed("w", DataType.Int8, [kernels, channels, 3, 3], w)
            .Typed("xz", type, [], zero).Typed("wz", DataType.Int8, [kernels], zeros)
            .Node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], ("pads", new long[] { 1, 1, 1, 1 })).Output("y");
        long[] y = new long[kernels * size * size];
        for (int i = 0; i < y.Length; i++)
        {
            (int k, int row, int column) = (i / (size * size), i / size % size, i % size);
            for (int tap = 0; tap < channels * 9; tap++)
            {
                (int c, int r, int q) = (tap / 9, row + (tap / 3 % 3) - 1, column + (tap % 3) - 1);
                if (r is >= 0 and < size && q is >= 0 and < size)
                    y[i] += (x[(((c * size) + r) * size) + q] - zero) * (w[(k * channels * 9) + tap] - zeros[k]);
            }
        }

        AssertExact(model, [Integers([1, channels, size, size], x)], Tensor.Of([1, kernels, size, size], y));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MatMulInteger_takes_a_constant_and_a_computed_matrix(bool computed)
    {
        const int rows = 3, depth = 17, columns = 4;
        (int[] a, int[] b) = (Codes(DataType.Uint8, rows * depth, 3), Codes(DataType.Int8, depth * columns, 4));
        OnnxBuilder model = new OnnxBuilder(13).Typed("a", DataType.Uint8, rows, depth);
        model = computed ? model.Typed("b", DataType.Int8, depth, columns) : model.Typed("b", DataType.Int8, [depth, columns], b);
        model = model.Typed("az", DataType.Uint8, [], 100).Typed("bz", DataType.Int8, [], 1).Node("MatMulInteger", ["a", "b", "az", "bz"], ["y"]).Output("y");
        long[] y = new long[rows * columns];
        for (int i = 0; i < y.Length; i++)
            for (int k = 0; k < depth; k++) y[i] += (a[(i / columns * depth) + k] - 100) * (b[(k * columns) + (i % columns)] - 1);

        Tensor[] inputs = [Integers([rows, depth], a), Integers([depth, columns], b)];
        AssertExact(model, computed ? inputs : inputs[..1], Tensor.Of([rows, columns], y));
    }

    [Fact]
    public void QLinearMatMul_takes_two_computed_matrices()
    {
        const int size = 5;
        (int[] a, int[] b) = (Codes(DataType.Uint8, size * size, 5), Codes(DataType.Uint8, size * size, 6));
        OnnxBuilder model = new OnnxBuilder(13).Typed("a", DataType.Uint8, size, size).Typed("b", DataType.Uint8, size, size)
            .Floats("s", [], 0.5f).Floats("ys", [], 1000).Typed("z", DataType.Uint8, [], 7).Typed("yz", DataType.Uint8, [], 90)
            .Node("QLinearMatMul", ["a", "s", "z", "b", "s", "z", "ys", "yz"], ["y"]).Output("y");
        long[] y = new long[size * size];
        for (int i = 0; i < y.Length; i++)
        {
            for (int k = 0; k < size; k++) y[i] += (a[(i / size * size) + k] - 7) * (b[(k * size) + (i % size)] - 7);
            y[i] = Math.Clamp((long)Math.Round(y[i] * 0.25 / 1000) + 90, 0, 255);
        }

        AssertExact(model, [Integers([size, size], a), Integers([size, size], b)], Tensor.Of([size, size], y));
    }

    /// <summary>Codes to floats and back: whatever the scale rounds, every code comes back.</summary>
    [Theory]
    [InlineData(false, 0.1f, 128)]
    [InlineData(true, 0.0123f, -7)]
    [InlineData(false, 1f / 3, 255)]
    public void Every_code_comes_back(bool signed, float scale, int zero)
    {
        DataType type = Type(signed);
        int[] codes = [.. Enumerable.Range(type == DataType.Int8 ? -128 : 0, 256)];
        OnnxBuilder back = new OnnxBuilder(13).Typed("x", type, 1, 256).Floats("s", [], scale).Typed("z", type, [], zero).Node("DequantizeLinear", ["x", "s", "z"], ["f"]);
        AssertExact(new OnnxBuilder(back).Output("f"), [Integers([1, 256], codes)], Tensor.Of([1, 256], [.. codes.Select(c => (c - zero) * scale)]));
        AssertExact(back.Node("QuantizeLinear", ["f", "s", "z"], ["y"]).Output("y"), [Integers([1, 256], codes)], Integers([1, 256], codes));
    }

    [Fact]
    public void Recorded_integers_that_are_no_floats_are_refused()
    {
        OnnxBuilder model = new OnnxBuilder(13).Typed("x", DataType.Int32, 1, 2).Node("Reshape", ["x", "d"], ["y"]).Integers("d", 2, 1).Output("y");
        AssertExact(model, [Integers([1, 2], [1 << 24, -5])], Integers([2, 1], [1 << 24, -5]));
        ImportException e = Assert.Throws<ImportException>(() => AssertExact(model, [Integers([1, 2], [(1 << 24) + 1, 0])], Integers([2, 1], [0, 0])));
        Assert.Contains("16777217 is no float32", e.Message, StringComparison.Ordinal);
    }

    private static DataType Type(bool signed) => signed ? DataType.Int8 : DataType.Uint8;

    private static Tensor Integers(int[] dims, int[] values) => Tensor.Of(dims, [.. values.Select(v => (long)v)]);

    private static int[] Codes(DataType type, int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(256) - (type == DataType.Int8 ? 128 : 0))];
    }

    private static void AssertExact(OnnxBuilder model, Tensor[] inputs, Tensor expected)
    {
        foreach (TargetIsa isa in Isas)
        {
            ImportedNetwork network = model.Import();
            using RunnableCase running = new(new BoundNetwork(network, [.. Enumerable.Range(0, inputs.Length)], HasConstants: false), isa);
            Assert.Equal(0, running.Compare(inputs, [expected], [default]).Wrong);
        }
    }
}
