using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnCodegen.Examples.Training;

/// <summary>Images of 28 x 28 with ink between 0 and 1, and the digits they show.</summary>
internal sealed record MnistData(float[][] Images, byte[] Labels)
{
    public const int Side = 28;

    /// <summary>Reads <c>train</c> or <c>t10k</c> from the gzipped IDX files as they are distributed.</summary>
    public static MnistData Read(string folder, string part)
    {
        string imageFile = Path.Combine(folder, part + "-images-idx3-ubyte.gz");
        string labelFile = Path.Combine(folder, part + "-labels-idx1-ubyte.gz");
        var (imageShape, pixels) = ReadIdx(imageFile);
        var (labelShape, labels) = ReadIdx(labelFile);
        if (imageShape is not [var count, Side, Side])
            throw new InvalidDataException($"{imageFile}: expected images of {Side} x {Side}, found the shape {string.Join('x', imageShape)}.");
        if (labelShape is not [var labelCount] || labelCount != count)
            throw new InvalidDataException($"{labelFile}: expected {count} labels, found the shape {string.Join('x', labelShape)}.");
        if (labels.Any(label => label > 9))
            throw new InvalidDataException($"{labelFile}: a label is above 9.");

        var images = pixels.Chunk(Side * Side).Select(image => Array.ConvertAll(image, pixel => pixel / 255f));
        return new MnistData([.. images], labels);
    }

    /// <summary>IDX: two zero bytes, the type (8: bytes), the rank, the dimensions big-endian, the values.</summary>
    private static (int[] Shape, byte[] Values) ReadIdx(string path)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
            gzip.CopyTo(memory);

        var content = memory.ToArray();
        if (content is not [0, 0, 8, var rank, ..] || content.Length < 4 + 4 * rank)
            throw new InvalidDataException($"{path}: not an IDX file of bytes.");

        int[] shape = [.. Enumerable.Range(0, rank).Select(i => BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 + 4 * i)))];
        var values = content[(4 + 4 * rank)..];
        if (values.Length != shape.Aggregate(1L, (a, b) => a * b))
            throw new InvalidDataException($"{path}: the shape {string.Join('x', shape)} does not fit the {values.Length} values that follow.");
        return (shape, values);
    }
}
