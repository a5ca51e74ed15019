using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>What the file leaves open.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Namespace">The class's namespace; empty for none.</param>
/// <param name="Weights">The weight file that the class names; null: none.</param>
internal sealed record ImportOptions(string Name, string Namespace = "", string? Weights = null)
{
    /// <summary>Sizes of symbolic dimensions. A first dimension that is not here counts as a batch of 1.</summary>
    public IReadOnlyDictionary<string, int> Dims { get; init; } = new Dictionary<string, int>();

    /// <summary>Signs stay what they are; otherwise binarised networks are recognised.</summary>
    public bool KeepSigns { get; init; }

    /// <summary>Graph inputs that are constants of the network, for example weights that a test feeds.</summary>
    public IReadOnlyDictionary<string, Tensor> Constants { get; init; } = new Dictionary<string, Tensor>();
}
