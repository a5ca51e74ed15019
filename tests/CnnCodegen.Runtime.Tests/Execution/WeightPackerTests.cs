using CnnCodegen.Execution;
using CnnCodegen.Runtime.Tests.Weights;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed unsafe class WeightPackerTests : IDisposable
{
    private readonly SafetensorsFile _file = Safetensors.Read(Safetensors.Write(
        ("bn.weight", [2], new float[] { 3, -1 }),
        ("bn.bias", [2], new float[] { 10, 0.5f }),
        ("bn.running_mean", [2], new float[] { 2, 1 }),
        ("bn.running_var", [2], new float[] { 4, 0.25f }),
        ("w", [2, 2], new float[] { 1, float.NaN, float.PositiveInfinity, -0f })));

    private static readonly TensorInfo[] _expected =
        [new("bn.weight", [2]), new("bn.bias", [2]), new("bn.running_mean", [2]), new("bn.running_var", [2]), new("w", [2, 2])];

    private readonly NativeBuffer _destination = new(128);

    public void Dispose()
    {
        _file.Dispose();
        _destination.Dispose();
    }

    [Fact]
    public void Tensors_come_unchanged_even_if_not_finite() =>
        Assert.Equal([1, float.NaN, float.PositiveInfinity, -0f], Packer().Tensor("w").ToArray());

    [Fact]
    public void Packed_parts_lie_at_their_offsets()
    {
        Packer().Packed(64, 16)[15] = 7;

        Assert.Equal(7, ((float*)_destination.Pointer)[31]);
        Assert.Equal(0, Packer().Packed(128, 0).Length);
    }

    [Theory]
    [InlineData(-64, 1)]
    [InlineData(32, 1)]
    [InlineData(0, 33)]
    [InlineData(64, 17)]
    [InlineData(128, 1)]
    [InlineData(0, -1)]
    [InlineData(0, int.MaxValue)]
    [InlineData(long.MaxValue - 63, 1)]
    public void Parts_outside_are_refused(long offset, int floats)
    {
        WeightPacker packer = Packer();
        Assert.Throws<ArgumentOutOfRangeException>(() => packer.Packed(offset, floats).Length);
    }

    [Fact]
    public void A_norm_becomes_scale_and_shift()
    {
        FoldedNorm norm = Packer().Norm("bn", 0);

        Assert.Equal([1.5, -2], norm.Scale);
        Assert.Equal([7, 2.5], norm.Shift);
        Assert.Equal(3 / Math.Sqrt(4 + (double)1e-5f), Packer().Norm("bn", 1e-5f).Scale[0]);
    }

    [Fact]
    public void Every_kind_of_misfit_is_told()
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Raw(
            """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},"d":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""", 12));

        string message = Misfit(file, [new("a", [2]), new("b", [1]), new("c", [3, 4])]);

        Assert.Equal(
            """
            test.safetensors: does not fit the network:
              a: F16 2, expected F32 2
              b: F32 1x1, expected F32 1
              c: missing, expected F32 3x4
              d: F32 scalar belongs to no layer that an output depends on
            """, message);
    }

    [Fact]
    public void A_long_list_is_cut()
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Write());

        string[] lines = Misfit(file, [.. Enumerable.Range(0, 25).Select(i => new TensorInfo($"t{i}", [1]))]).Split('\n');

        Assert.Equal(22, lines.Length);
        Assert.Equal("  t19: missing, expected F32 1", lines[20]);
        Assert.Equal("  and 5 more", lines[21]);
    }

    private WeightPacker Packer() => new(_file, _expected, _destination.Pointer, _destination.Bytes);

    private static string Misfit(SafetensorsFile file, TensorInfo[] expected) =>
        Assert.Throws<WeightFileException>(() => new WeightPacker(file, expected, null, 0)).Message;
}
