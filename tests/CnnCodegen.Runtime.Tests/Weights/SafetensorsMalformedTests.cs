using System.Buffers.Binary;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Weights;

public sealed class SafetensorsMalformedTests
{
    [Theory]
    [InlineData(0, "has 0 bytes, expected at least 8: it is truncated")]
    [InlineData(7, "has 7 bytes, expected at least 8: it is truncated")]
    [InlineData(20, "the header claims 56 bytes, expected at most 12")]
    [InlineData(64, "tensor 'w': ends at byte 8, but the file holds 0 bytes of data: it is truncated")]
    [InlineData(71, "tensor 'w': ends at byte 8, but the file holds 7 bytes of data: it is truncated")]
    public void Truncated(int length, string problem) =>
        Refused(Safetensors.Write(("w", [2], new float[2])).AsSpan(0, length).ToArray(), problem);

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void Header_too_long(ulong claimed)
    {
        byte[] file = Safetensors.Write(("w", [2], new float[2]));
        BinaryPrimitives.WriteUInt64LittleEndian(file, claimed);
        Refused(file, $"the header claims {claimed} bytes, expected at most 64");
    }

    [Fact]
    public void Header_above_the_cap()
    {
        byte[] file = new byte[100_000_016];
        BinaryPrimitives.WriteUInt64LittleEndian(file, 100_000_008);
        Refused(file, "the header claims 100000008 bytes, expected at most 100000000");
    }

    [Theory]
    // The header as a whole.
    [InlineData("", 0, "not valid JSON")]
    [InlineData("[]", 0, "the header must be an object, not an array")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("{} {}", 0, "not valid JSON")]
    [InlineData("{}\0", 0, "not valid JSON")]
    [InlineData("{\"\\u41\0\0\":{}}", 0, "not valid JSON")]
    [InlineData("{}", 1, "the tensors take 0 bytes, but the file holds 1 bytes of data")]
    [InlineData("""{"w":3}""", 0, "tensor 'w' must be an object, not a number")]
    [InlineData("""{"\ud800":{}}""", 0, "not valid JSON")]
    [InlineData("""{"__metadata__":"x"}""", 0, "__metadata__ must be an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__ must be strings only")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__ holds 'a' twice")]
    // One tensor's entry.
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'w': lacks one of")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"scale":2}}""", 4, "tensor 'w': field 'scale' is unknown or given twice")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'w': field 'dtype' is unknown or given twice")]
    [InlineData("""{"w":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'w': dtype 'F31' is unknown")]
    [InlineData("""{"w":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "the dtype of tensor 'w' must be a string, not a number")]
    [InlineData("""{"w":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "the shape of tensor 'w' must be an array, not a number")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "the shape of tensor 'w' must hold integers from 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "the shape of tensor 'w' must hold integers from 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "the shape of tensor 'w' must hold integers from 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", 4, "the shape of tensor 'w' must hold integers from 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "tensor 'w': the shape 4294967296x4294967296 is too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", 0, "tensor 'w': the shape 4294967296x4294967296x0 is too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'w': has 4 bytes, expected 64 bits for F32 2")]
    [InlineData("""{"w":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "tensor 'w': has 2 bytes, expected 12 bits for F4 3")]
    // Where the tensors lie.
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor 'w': data_offsets are [4, 0], expected [begin, end]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4, "tensor 'w': data_offsets are [4], expected [begin, end]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "tensor 'w': data_offsets are [0, 4, 8]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "data_offsets of tensor 'w' must hold integers from 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4, "tensor 'w': begins at byte 9223372036854775803, expected 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'w': begins at byte 4, expected 0: tensors must follow each other without gap")]
    [InlineData("""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 4, "tensor 'w': begins at byte 8, expected 4: tensors must follow each other without gap")]
    [InlineData("""{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "tensor 'w': begins at byte 4, expected 8: tensors must follow each other without overlap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'w': is listed twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "the tensors take 4 bytes, but the file holds 5 bytes of data")]
    public void Malformed_header(string header, int dataBytes, string problem) => Refused(Safetensors.Raw(header, dataBytes), problem);

    [Fact]
    public void Header_that_is_not_UTF8() =>
        Refused(Safetensors.Raw([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}'], 0), "not valid JSON");

    [Fact]
    public void Header_nested_too_deeply() => Refused(Safetensors.Raw(new string('[', 100_000), 0), "must be an object");

    private static void Refused(byte[] file, string problem)
    {
        WeightFileException error = Assert.Throws<WeightFileException>(() => Safetensors.Read(file));
        Assert.StartsWith("test.safetensors: ", error.Message);
        Assert.Contains(problem, error.Message);
    }
}
