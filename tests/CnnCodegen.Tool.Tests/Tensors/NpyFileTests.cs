using System.Text;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;

namespace CnnCodegen.Tool.Tests.Tensors;

public class NpyFileTests
{
    [Theory]
    [InlineData(new int[0], new float[] { 7 })]
    [InlineData(new[] { 3 }, new[] { 1, -2.5f, float.NaN })]
    [InlineData(new[] { 2, 1, 2 }, new[] { 1, 2, 3, float.PositiveInfinity })]
    [InlineData(new[] { 0, 4 }, new float[0])]
    public void AnArrayIsReadAsItWasWritten(int[] dims, float[] values)
    {
        using MemoryStream file = new();
        NpyFile.Write(file, dims, values);
        Assert.Equal(0, (file.Length - (values.Length * sizeof(float))) % 64);

        Tensor tensor = NpyFile.Parse(file.ToArray());
        Assert.Equal(dims, tensor.Dims);
        Assert.Equal(values, tensor.Floats);
    }

    [Theory]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, -1.5f)]
    [InlineData("<f2", new byte[] { 0, 0x3E }, 1.5f)]
    [InlineData("<i8", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2f)]
    [InlineData("<u8", new byte[] { 2, 1, 0, 0, 0, 0, 0, 0 }, 258f)]
    [InlineData("<i4", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2f)]
    [InlineData("<u4", new byte[] { 0xFE, 0, 0, 0 }, 254f)]
    [InlineData("<i2", new byte[] { 0xFE, 0xFF }, -2f)]
    [InlineData("<u2", new byte[] { 0xFE, 0xFF }, 65534f)]
    [InlineData("|i1", new byte[] { 0xFE }, -2f)]
    [InlineData("|u1", new byte[] { 0xFE }, 254f)]
    [InlineData("|b1", new byte[] { 1 }, 1f)]
    public void EveryNumberTypeIsRead(string type, byte[] element, float value) =>
        Assert.Equal([value, value], NpyFile.Parse(Npy(type, "(2,)", [.. element, .. element])).Floats);

    [Theory]
    [InlineData("<f8", new byte[] { 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F }, "0.1")]
    [InlineData("<u8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0x40 }, "4611686018427387905")]
    [InlineData("<i4", new byte[] { 1, 0, 0, 1 }, "16777217")]
    public void AValueThatFloat32CannotHoldIsRefused(string type, byte[] element, string value) =>
        Assert.Equal($"the value {value} is not a float32; save x.astype('<f4')", Assert.Throws<TensorFileException>(() => NpyFile.Parse(Npy(type, "(1,)", element))).Message);

    [Fact]
    public void VersionTwoHasALongerLengthField()
    {
        byte[] header = Encoding.Latin1.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }\n");
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, (byte)header.Length, 0, 0, 0, .. header, 0, 0, 0x80, 0x3F];
        Assert.Equal([1f], NpyFile.Parse(file).Floats);
    }

    [Theory]
    [InlineData("<f4", "(2,)", 7, "7 bytes")]
    [InlineData("<f4", "(2,)", 12, "12 bytes")]
    [InlineData(">f4", "(2,)", 8, "big-endian")]
    [InlineData("<c8", "(1,)", 8, "<c8")]
    [InlineData("<U1", "(2,)", 8, "<U1")]
    [InlineData("<f4", "(99999999999,)", 8, "larger")]
    [InlineData("<f4", "(65536, 65536, 65536, 65536)", 8, "larger")]
    [InlineData("<f4", "(-2,)", 8, "not understood")]
    [InlineData("<f4", "2", 8, "not understood")]
    public void AMalformedArrayIsRefused(string type, string shape, int bytes, string complaint) =>
        Assert.Contains(complaint, Refusal(Npy(type, shape, new byte[bytes])), StringComparison.Ordinal);

    [Fact]
    public void FortranOrderIsRefused()
    {
        byte[] header = Encoding.Latin1.GetBytes("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, 0, 0, 0, 0];
        Assert.Contains("Fortran order", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] file = Npy("<f4", "(2,)", new byte[8]);
        Assert.All(Enumerable.Range(0, file.Length), length => Refusal(file[..length]));
    }

    private static byte[] Npy(string type, string shape, byte[] data)
    {
        byte[] header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. data];
    }

    private static string Refusal(byte[] file) => Assert.Throws<TensorFileException>(() => NpyFile.Parse(file)).Message;
}
