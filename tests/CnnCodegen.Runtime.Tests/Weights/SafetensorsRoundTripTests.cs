using System.Runtime.InteropServices;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Weights;

public sealed unsafe class SafetensorsRoundTripTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnncodegen").FullName;

    private static readonly (string Name, int[] Shape, ReadOnlyMemory<float> Data)[] _tensors =
    [
        ("conv.weight", [2, 3, 1, 5], Safetensors.Random(30, 1)),
        ("a scalar", [], new float[] { float.NaN }),
        ("nothing", [4, 0], ReadOnlyMemory<float>.Empty),
        ("naïve \"quoted\" \u65e5\n", [7], Safetensors.Random(7, 2)),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_gives_back_what_was_written()
    {
        string path = Path.Combine(_folder, "weights.safetensors");
        SafetensorsWriter.Write(path, _tensors);

        using SafetensorsFile file = SafetensorsFile.Open(path);

        Check(file);
        Assert.Equal("weights.safetensors", file.Source);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Streams_of_unknown_length_are_read_to_their_end()
    {
        (string, int[], ReadOnlyMemory<float>)[] large = [("large", [1 << 20], Safetensors.Random(1 << 20, 3))];

        using SafetensorsFile file = SafetensorsFile.Read(new UnseekableStream(Safetensors.Write(large)));

        Assert.Equal(MemoryMarshal.AsBytes(large[0].Item3.Span), MemoryMarshal.AsBytes(file.Float32("large")));
    }

    [Fact]
    public void A_stream_is_read_from_its_position()
    {
        byte[] bytes = [1, 2, 3, .. Safetensors.Write(_tensors)];

        using SafetensorsFile file = SafetensorsFile.Read(new MemoryStream(bytes) { Position = 3 });

        Check(file);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Memory_need_not_be_aligned(int shift)
    {
        byte[] bytes = [.. new byte[shift], .. Safetensors.Write(_tensors)];
        fixed (byte* pointer = bytes)
        {
            using SafetensorsFile file = SafetensorsFile.View(pointer + shift, bytes.Length - shift, "view");
            Check(file);
        }
    }

    [Fact]
    public void Writing_twice_gives_the_same_bytes_with_aligned_data()
    {
        byte[] first = Safetensors.Write(_tensors);

        Assert.Equal(first, Safetensors.Write(_tensors));
        Assert.Equal(0, BitConverter.ToInt64(first) % 8);
    }

    [Fact]
    public void Order_of_the_header_and_order_of_the_data_may_differ()
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Raw(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},"e":{"dtype":"F4","shape":[0],"data_offsets":[4,4]},"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}   """, 7));

        Assert.Equal(["a", "e", "b"], file.Tensors.Select(t => t.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([0f], file.Float32("a").ToArray());
        Assert.Equal(("U8", 3L), (file.Find("b")!.Dtype, file.Find("b")!.Bytes));
        Assert.Null(file.Find("c"));
    }

    [Fact]
    public void Only_float32_tensors_are_given_as_floats()
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Raw("""{"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4));

        Assert.Equal("test.safetensors: tensor 'half': has dtype F16, expected F32", Assert.Throws<WeightFileException>(() => file.Float32("half").Length).Message);
        Assert.Equal("test.safetensors: tensor 'full': is missing", Assert.Throws<WeightFileException>(() => file.Float32("full").Length).Message);
    }

    [Fact]
    public void A_disposed_file_refuses_to_read()
    {
        SafetensorsFile file = Safetensors.Read(Safetensors.Write(_tensors));
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Float32("conv.weight").Length);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        string path = Path.Combine(_folder, "weights.safetensors");
        File.WriteAllText(path, "old");

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("w", [3], new float[2])]));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void An_empty_file_is_truncated()
    {
        string path = Path.Combine(_folder, "empty.safetensors");
        File.WriteAllBytes(path, []);

        Assert.Equal("empty.safetensors: has 0 bytes, expected at least 8: it is truncated", Assert.Throws<WeightFileException>(() => SafetensorsFile.Open(path)).Message);
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(path + "x"));
    }

    [Theory]
    [InlineData("w", new[] { -1, -2 }, "tensor 'w': 2 elements given, but its shape is [-1, -2]")]
    [InlineData("w", new[] { 65536, 65536, 65536, 65536, 2 }, "tensor 'w': 2 elements given")]
    [InlineData("__metadata__", new[] { 2 }, "tensor '__metadata__' is given twice, or its name is reserved")]
    public void The_writer_refuses_what_no_reader_would_take(string name, int[] shape, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Safetensors.Write((name, shape, new float[2]))).Message);

    private static void Check(SafetensorsFile file)
    {
        Assert.Equal(_tensors.Select(t => t.Name), file.Tensors.Select(t => t.Name));
        foreach ((string name, int[] shape, ReadOnlyMemory<float> data) in _tensors)
        {
            Assert.Equal(shape.Select(d => (long)d), file.Find(name)!.Shape);
            Assert.Equal(MemoryMarshal.AsBytes(data.Span), MemoryMarshal.AsBytes(file.Float32(name)));
        }
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 4093)]);
    }
}
