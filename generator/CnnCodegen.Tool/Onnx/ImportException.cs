namespace CnnCodegen.Tool.Onnx;

/// <summary>
/// The file cannot be imported. The message names the file and the node or tensor, and says what was expected and what to change.
/// </summary>
internal sealed class ImportException(string message) : Exception(message)
{
    /// <summary>The same fault, with the node or file it was found in put before it.</summary>
    public ImportException In(string place) => new($"{place}: {Message}");
}
