using System.Diagnostics;
using CnnCodegen.Execution;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Runtime.Tests.Weights.Encodings;

public sealed unsafe class HostileEncodingTests
{
    private const int Elements = 300;

    [Fact]
    public void All_parts_that_do_not_fit_are_told_at_once()
    {
        using SafetensorsFile file = File(
            new("a.bits", "U8", [2, 1], new byte[2]), new("a.scale", "U8", [4], new byte[4]),
            new("b.int8", "I8", [6], new byte[6]),
            new("c.sparse", "U32", [2], new byte[8]), new("c.gaps", "U8", [1], new byte[1]), new("c.codebook", [1], new float[1]),
            new("c.values", [1], new float[1]),
            new("d.bits", "U8", [1, 1], new byte[1]), new("d", [1, 2], new float[2]));

        string message = Assert.Throws<WeightFileException>(() => new WeightPacker(file, [new("a", [2, 9]), new("b", [2, 3]), new("c", [5]), new("d", [1, 2])], null, 0)).Message;

        Assert.Equal(
            """
            test.safetensors: does not fit the network:
              a.bits: U8 2x1, expected U8 2x2
              a.scale: U8 4, expected F32 2
              b.int8: I8 6, expected I8 2x3
              b.scale: missing, expected F32 2
              c.sparse: U32 2, expected U32 1
              c.gap_lengths: missing, expected U8 ?
              c.codes: missing, expected U8 ?
              c.code_lengths: missing, expected U8 ?
              c.values: has no meaning beside codebook
              d.bits: U8 1x1 belongs to no layer that an output depends on
            """, message);
    }

    [Fact]
    public void Bits_behind_a_row_are_refused() => Refused("w.bits", "row 1 has bits set behind its 3 weights",
        [2, 3], new("w.bits", "U8", [2, 1], new byte[] { 7, 8 }), new("w.scale", [2], new float[2]));

    [Fact]
    public void More_entries_than_elements_are_refused() => Refused("w.sparse", "claims 4294967295 entries, expected at most 300",
        [Elements], Number("w.sparse", uint.MaxValue), new("w.values", [0], Array.Empty<float>()));

    [Fact]
    public void Other_values_than_entries_are_refused() => Refused("w.values", "has 1 elements, expected 2",
        [Elements], Number("w.sparse", 2), new("w.values", [1], new float[1]));

    [Theory]
    [InlineData(new byte[] { 1, 1, 1 }, "these are no lengths of a prefix code")]
    [InlineData(new byte[] { 16 }, "these are no lengths of a prefix code")]
    [InlineData(new byte[] { 0 }, "does not hold the codewords of exactly 3 entries")]
    [InlineData(new byte[] { 2, 2 }, "does not hold the codewords of exactly 3 entries")]
    [InlineData(new byte[] { }, "does not hold the codewords of exactly 3 entries")]
    public void Codes_that_are_none_are_refused(byte[] lengths, string problem) => Refused("w.gap", problem,
        [Elements], Number("w.sparse", 3), new("w.values", [3], new float[3]),
        new("w.gap_lengths", "U8", [lengths.Length], lengths), new("w.gaps", "U8", [1], new byte[] { 0b1100_0000 }));

    [Theory]
    [InlineData(new byte[] { 0b0100_0001 })]
    [InlineData(new byte[] { 0b0100_0000, 0 })]
    [InlineData(new byte[] { })]
    public void Streams_of_another_length_are_refused(byte[] stream) => Refused("w.gaps", "does not hold the codewords of exactly 3 entries",
        [Elements], Number("w.sparse", 3), new("w.values", [3], new float[3]), new("w.gap_lengths", "U8", [2], new byte[] { 1, 1 }), new("w.gaps", "U8", [stream.Length], stream));

    [Fact]
    public void Entries_behind_the_tensor_are_refused() => Refused("w.gaps", "entry 1 lies behind the 3 elements",
        [3], Number("w.sparse", 2), new("w.values", [2], new float[2]), new("w.gap_lengths", "U8", [2], new byte[] { 0, 1 }), new("w.gaps", "U8", [1], new byte[1]));

    [Fact]
    public void Codes_outside_the_codebook_are_refused() => Refused("w.codes", "entry 0 has code 1, but the codebook has 1 values",
        [3], Number("w.sparse", 1), new("w.codebook", [1], new float[1]), new("w.code_lengths", "U8", [2], new byte[] { 0, 1 }), new("w.codes", "U8", [1], new byte[1]));

    [Fact]
    public void Mutations_are_read_or_refused()
    {
        Random random = new(1);
        float[] values = new float[Elements];
        for (int i = 0; i < Elements; i += random.Next(1, 20)) values[i] = random.Next(1, 5);
        StoredTensor[][] seeds = [TensorEncodings.Sparse("w", values), TensorEncodings.Bits("w", [3, 100], Array.ConvertAll(values, v => v > 0 ? 1f : -1))!];
        int refused = 0;
        Stopwatch time = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 4000; i++)
        {
            MemoryStream stream = new();
            SafetensorsWriter.Write(stream, seeds[i % 2]);
            byte[] bytes = stream.ToArray();
            int data = 8 + (int)BitConverter.ToInt64(bytes);
            for (int edits = random.Next(1, 4); edits > 0; edits--) bytes[random.Next(data, bytes.Length)] = (byte)random.Next(256);
            using SafetensorsFile file = Safetensors.Read(bytes);
            try
            {
                Assert.Equal(Elements, TensorEncodings.Read(file, "w", [3, 100]).Length);
            }
            catch (WeightFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 3900);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4000 * 500_000L);
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static StoredTensor Number(string name, uint value) => new(name, "U32", [1], BitConverter.GetBytes(value));

    private static void Refused(string tensor, string problem, int[] shape, params StoredTensor[] parts)
    {
        using SafetensorsFile file = File(parts);
        string message = Assert.Throws<WeightFileException>(() => TensorEncodings.Read(file, "w", shape)).Message;
        Assert.StartsWith($"test.safetensors: tensor '{tensor}", message);
        Assert.Contains(problem, message);
    }

    private static SafetensorsFile File(params StoredTensor[] tensors)
    {
        MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors);
        return Safetensors.Read(stream.ToArray());
    }
}
