using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Verification;

/// <summary>
/// A model imported for the inputs of a data set: their sizes give the symbolic dimensions, and those that are weights (old operator tests
/// feed them as inputs) are constants of the network.
/// </summary>
/// <param name="Network">The network.</param>
/// <param name="Inputs">The positions, among the data set's inputs, of those that the network reads.</param>
/// <param name="HasConstants">Whether there are others, which are built into the network.</param>
internal sealed record BoundNetwork(ImportedNetwork Network, IReadOnlyList<int> Inputs, bool HasConstants)
{
    /// <exception cref="ImportException">The model cannot be imported.</exception>
    public static BoundNetwork Import(OnnxModel model, string className, IReadOnlyList<Tensor> values)
    {
        ImportOptions options = new(className) { Dims = Dims(model, values) };
        int[] computed = [.. Enumerable.Range(0, values.Count).Where(i => i == 0 || values[i].IsFloat)];
        try
        {
            return Import(model, options, values, computed);
        }
        catch (ImportException) when (computed.Length > 1)
        {
            // The data of a layer come first, its weights behind them.
            return Import(model, options, values, [0]);
        }
    }

    private static BoundNetwork Import(OnnxModel model, ImportOptions options, IReadOnlyList<Tensor> values, int[] computed)
    {
        Dictionary<string, Tensor> constants = [];
        for (int i = 0; i < values.Count; i++)
            if (!computed.Contains(i)) constants.Add(model.Inputs[i].Name, values[i]);
        return new BoundNetwork(OnnxImporter.Import(model, options with { Constants = constants }), computed, constants.Count > 0);
    }

    private static Dictionary<string, int> Dims(OnnxModel model, IReadOnlyList<Tensor> values)
    {
        Dictionary<string, int> dims = new(StringComparer.Ordinal);
        for (int i = 0; i < values.Count; i++)
        {
            IReadOnlyList<(int? Size, string Symbol)> declared = model.Inputs[i].Dims ?? [];
            for (int axis = 0; axis < declared.Count && axis < values[i].Dims.Length; axis++)
                if (declared[axis] is (null, { Length: > 0 } symbol)) dims[symbol] = values[i].Dims[axis];
        }

        return dims;
    }
}
