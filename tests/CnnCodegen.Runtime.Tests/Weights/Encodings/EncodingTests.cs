using System.Runtime.InteropServices;
using CnnCodegen.Execution;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Runtime.Tests.Weights.Encodings;

public sealed unsafe class EncodingTests
{
    private const string Name = "conv.weight";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(3, 7)]
    [InlineData(5, 9)]
    [InlineData(64, 576)]
    public void Bits_give_back_signs_and_scales(int rows, int length)
    {
        Random random = new(rows);
        float[] values = new float[rows * length];
        for (int i = 0; i < values.Length; i++) values[i] = (i / length + 0.1f) * (random.Next(2) == 0 ? -1 : 1);

        StoredTensor[] parts = TensorEncodings.Bits(Name, [rows, length, 1, 1], values)!;

        Same(values, RoundTrip(parts, [rows, length, 1, 1]));
        Assert.Equal(rows * ((length + 7) / 8 + 4), parts.Sum(p => p.Bytes));
    }

    [Fact]
    public void Bits_are_laid_out_as_documented()
    {
        using SafetensorsFile file = File(TensorEncodings.Bits(Name, [2, 9], [2, -2, 2, 2, -2, -2, -2, -2, 2, .. Enumerable.Repeat(-0.5f, 9)])!);

        Assert.Equal([0b0000_1101, 1, 0, 0], file.Bytes(Name + ".bits", "U8").ToArray());
        Assert.Equal([2, 0.5f], file.Float32(Name + ".scale").ToArray());
    }

    [Fact]
    public void Bits_hold_one_magnitude_a_row_only()
    {
        Assert.Null(TensorEncodings.Bits(Name, [1, 3], [1, -1, 2]));
        Assert.Null(TensorEncodings.Bits(Name, [1, 2], [1, float.NaN]));
        Assert.Null(TensorEncodings.Bits(Name, [3], [1, 1, 1]));
        Assert.Equal("0 -0 3 -3", string.Join(' ', RoundTrip(TensorEncodings.Bits(Name, [2, 2], [0, -0f, 3, -3])!, [2, 2])));
    }

    [Fact]
    public void Int8_gives_codes_times_scales()
    {
        sbyte[] codes = [-128, 0, 127, 1, -1, 3];
        float[] scales = [0.1f, -3];

        float[] values = RoundTrip(TensorEncodings.Int8(Name, [2, 3, 1], codes, scales), [2, 3, 1]);

        Same([.. codes.Select((c, i) => c * scales[i / 3])], values);
    }

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 0, 10)]
    [InlineData(7, 1, 3)]
    [InlineData(1000, 1, 3)]
    [InlineData(1000, 1, 100_000)]
    [InlineData(5000, 0.5, 256)]
    [InlineData(5000, 0.1, 100_000)]
    [InlineData(5000, 0.1, 1)]
    [InlineData(100_000, 0.001, 16)]
    [InlineData(100_000, 0.00003, 100_000)]
    public void Sparse_gives_back_every_tensor(int length, double density, int distinct)
    {
        Random random = new(length);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            if (random.NextDouble() < density) values[i] = random.Next(distinct) - 0.1f * distinct;

        Same(values, RoundTrip(TensorEncodings.Sparse(Name, values), [length]));
    }

    [Fact]
    public void Sparse_keeps_what_is_not_finite_and_makes_negative_zero_zero() =>
        Same([0, float.NaN, 0, float.NegativeInfinity, float.Epsilon], RoundTrip(TensorEncodings.Sparse(Name, [-0f, float.NaN, 0, float.NegativeInfinity, float.Epsilon]), [5]));

    [Fact]
    public void Sparse_takes_less_than_indices_and_values()
    {
        Random random = new(1);
        float[] values = new float[100_000];
        for (int i = 0; i < values.Length; i++)
            if (random.Next(10) == 0) values[i] = random.Next(32) - 15.5f;

        // 10000 entries: 5 bits a code, and the entropy of a gap at density 0.1, which is 4.69 bits.
        Assert.InRange(TensorEncodings.Sparse(Name, values).Sum(p => p.Bytes), 9_000, 10_000 * (5 + 4.69) / 8 * 1.05);
    }

    [Fact]
    public void Shared_values_of_a_dense_tensor_need_no_gaps()
    {
        float[] values = [.. Enumerable.Range(0, 4096).Select(i => i % 16 + 1f)];

        StoredTensor[] parts = TensorEncodings.Sparse(Name, values);

        Same(values, RoundTrip(parts, [4096]));
        Assert.Equal(["codebook", "sparse", "code_lengths", "codes"], parts.Select(p => p.Name[(Name.Length + 1)..]));
        Assert.Equal(2048, parts[^1].Bytes);
    }

    [Fact]
    public void A_packer_gets_floats_and_accepts_the_parts_in_place_of_the_tensor()
    {
        using SafetensorsFile file = File(
        [
            .. TensorEncodings.Bits("a", [1, 2], [1, -1])!, .. TensorEncodings.Int8("b", [1, 2], [3, 4], [2]), .. TensorEncodings.Sparse("c", [0, 5]),
            new StoredTensor("d", [1], new float[] { 7 }),
        ]);

        WeightPacker packer = new(file, [new("a", [1, 2]), new("b", [1, 2]), new("c", [2]), new("d", [1])], null, 0);

        Assert.Equal([1, -1], packer.Tensor("a").ToArray());
        Assert.Equal([6, 8], packer.Tensor("b").ToArray());
        Assert.Equal([7], packer.Tensor("d").ToArray());
        for (int i = 0; i < 3; i++) Assert.Equal([0, 5], packer.Tensor("c").ToArray());
        Assert.True(packer.Tensor("c") == packer.Tensor("c"), "a tensor that is asked for again is decoded again");
    }

    private static float[] RoundTrip(StoredTensor[] parts, int[] shape)
    {
        using SafetensorsFile file = File(parts);
        return TensorEncodings.Read(file, Name, shape);
    }

    private static SafetensorsFile File(params StoredTensor[] tensors)
    {
        MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors);
        return Safetensors.Read(stream.ToArray());
    }

    private static void Same(float[] expected, float[] actual) =>
        Assert.Equal(MemoryMarshal.Cast<float, int>(Array.ConvertAll(expected, v => v == 0 ? 0 : v)).ToArray(), MemoryMarshal.Cast<float, int>(actual).ToArray());
}
