namespace CnnCodegen.Weights.Encodings;

/// <summary>The encodings, and the one way to read a float32 tensor whether or not it is encoded. A new encoding is a line here.</summary>
public static class TensorEncodings
{
    private static readonly TensorEncoding[] _all = [new BitsEncoding(), new Int8Encoding(), new SparseEncoding()];

    /// <summary>Reads a float32 tensor in whatever form the file has it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>Its elements in row-major order.</returns>
    /// <exception cref="WeightFileException">It is missing, or malformed.</exception>
    public static float[] Read(SafetensorsFile file, string name, IReadOnlyList<int> shape)
    {
        EncodedTensor tensor = new(file, name, shape);
        List<string> problems = [];
        TensorEncoding? encoding = Check(tensor, problems);
        if (problems.Count > 0) throw new WeightFileException(file.Source, string.Join("; ", problems));
        if (encoding is null) return file.Float32(name).ToArray();
        float[] values = new float[tensor.Elements];
        encoding.Decode(tensor, values);
        return values;
    }

    /// <summary>One bit a weight: the elements of each output channel, the first dimension, differ in their signs alone.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape, of at least two dimensions.</param>
    /// <param name="values">Its elements in row-major order.</param>
    /// <returns>What to store in its place; null if its elements are not of this form.</returns>
    public static StoredTensor[]? Bits(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) => BitsEncoding.Encode(name, shape, values);

    /// <summary>One byte a weight: the elements are codes times the scale of their output channel, the first dimension.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="codes">Its codes in row-major order.</param>
    /// <param name="scales">One for each output channel.</param>
    /// <returns>What to store in its place.</returns>
    public static StoredTensor[] Int8(string name, IReadOnlyList<int> shape, ReadOnlySpan<sbyte> codes, ReadOnlySpan<float> scales) =>
        Int8Encoding.Encode(name, shape, codes, scales);

    /// <summary>Only the weights that are not zero, with shared values and Huffman codes where they save bytes. Every tensor has this form; -0 becomes 0.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="values">Its elements in row-major order.</param>
    /// <returns>What to store in its place.</returns>
    public static StoredTensor[] Sparse(string name, ReadOnlySpan<float> values) => SparseEncoding.Encode(name, values);

    /// <summary>
    /// The places of the elements that are not zero, as ascending indices in row-major order, of every tensor that may hold sparse weights: float32
    /// of two dimensions or more, and the sparse encoding.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <exception cref="WeightFileException">A tensor is malformed.</exception>
    public static IEnumerable<(string Name, int[] Places)> NonZeros(SafetensorsFile file)
    {
        const string marker = "." + SparseEncoding.Entries;
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            if (tensor.Dtype == "F32" && tensor.Shape.Count > 1)
                yield return (tensor.Name, Places(file.Float32(tensor.Name)));
            else if (tensor.Dtype == "U32" && tensor.Name.EndsWith(marker, StringComparison.Ordinal))
                yield return (tensor.Name[..^marker.Length], SparseEncoding.NonZeros(file, tensor.Name[..^marker.Length]));
        }
    }

    private static int[] Places(ReadOnlySpan<float> values)
    {
        List<int> places = [];
        for (int i = 0; i < values.Length; i++)
            if (values[i] != 0) places.Add(i);
        return [.. places];
    }

    /// <summary>How a tensor is encoded; null if it lies in the file as it is. Lists what is wrong with its type and shape, or those of its parts.</summary>
    internal static TensorEncoding? Check(EncodedTensor tensor, List<string> problems)
    {
        PartCheck check = new(tensor, problems);
        TensorEncoding? encoding = tensor.File.Find(tensor.Name) is null ? Array.Find(_all, e => tensor.Has(e.Marker)) : null;
        if (encoding is null) check.ExpectPlain();
        else encoding.Check(tensor, check);
        return encoding;
    }
}
