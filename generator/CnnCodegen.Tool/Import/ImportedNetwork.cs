using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import;

/// <summary>A network and its weights, as they came out of a file or of a change of them.</summary>
/// <param name="Model">The network as the annotated class declares it.</param>
/// <param name="Weights">Every tensor that <see cref="NetworkModel.WeightTensors"/> lists, by name.</param>
/// <param name="NodeOrigins">The ONNX value that each node makes, by the node's name; nodes that make none of the file's values are not in it.</param>
/// <param name="FileName">The ONNX file or the class's, without its folder.</param>
internal sealed record ImportedNetwork(
    NetworkModel Model,
    IReadOnlyDictionary<string, (int[] Shape, float[] Data)> Weights,
    IReadOnlyDictionary<string, string> NodeOrigins,
    string FileName)
{
    /// <summary>What the import took for granted or found, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the class's documentation says.</summary>
    public string Summary { get; init; } = $"Imported from {FileName}.";

    /// <summary>The annotated class: C# source text.</summary>
    public string ClassSource() => AttributeWriter.Write(Model, Summary);

    /// <summary>The elements of a tensor of the weight file, by its full name.</summary>
    public float[] Weight(string name) => Weights[name].Data;
}
