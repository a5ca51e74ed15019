namespace CnnCodegen.Tool.Tensors;

/// <summary>A tensor file cannot be read, or does not fit the network. The message says what was expected.</summary>
internal sealed class TensorFileException(string message) : Exception(message)
{
    /// <summary>The same fault with the file before it.</summary>
    public TensorFileException In(string file) => new($"{file}: {Message}");
}
