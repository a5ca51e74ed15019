namespace CnnCodegen.Weights.Encodings;

/// <summary>One way to store a float32 tensor compactly: as other tensors of the file. README.md has the names and layouts.</summary>
internal abstract class TensorEncoding
{
    /// <summary>The part that every tensor stored in this way has, and that says so.</summary>
    public abstract string Marker { get; }

    /// <summary>All parts that there may be.</summary>
    public abstract string[] Parts { get; }

    /// <summary>Types and shapes of the parts, so that <see cref="Decode"/> may rely on them; contents are its own matter.</summary>
    public abstract void Check(EncodedTensor tensor, PartCheck check);

    /// <summary>Writes all elements of a tensor whose parts have been checked.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="values">As many as it has elements; zero.</param>
    /// <exception cref="WeightFileException">The contents of a part are malformed.</exception>
    public abstract void Decode(EncodedTensor tensor, Span<float> values);
}
