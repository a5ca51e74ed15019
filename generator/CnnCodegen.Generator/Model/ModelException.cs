namespace CnnCodegen.Generator.Model;

/// <summary>
/// The definition is wrong. The message says what is there, what was expected and what to change, and is completed
/// by whoever knows the layer: <see cref="NetworkBuilder"/>, the attribute reader or the ONNX importer.
/// </summary>
internal sealed class ModelException(string message) : Exception(message);
