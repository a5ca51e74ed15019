namespace CnnCodegen.Tool.Onnx;

/// <summary>
/// The file cannot be imported. The message names the file and the node or tensor, and says what was expected and what to change.
/// </summary>
/// <param name="message">What is wrong, and where.</param>
/// <param name="unsupported">The file is sound, but asks for something that networks cannot do.</param>
internal sealed class ImportException(string message, bool unsupported = false) : Exception(message)
{
    /// <summary>The file is sound, but asks for something that networks cannot do.</summary>
    public bool IsUnsupported => unsupported;

    /// <summary>The file is sound, but asks for something that networks cannot do.</summary>
    public static ImportException Unsupported(string message) => new(message, unsupported: true);

    /// <summary>The same fault, with the node or file it was found in put before it.</summary>
    public ImportException In(string place) => new($"{place}: {Message}", unsupported);
}
