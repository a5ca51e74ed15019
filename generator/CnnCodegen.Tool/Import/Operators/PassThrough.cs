using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Operators that change nothing at inference.</summary>
internal static class PassThrough
{
    public static IReadOnlyList<Value> Identity(NodeContext node) => [node.Input(0)];

    public static IReadOnlyList<Value> Dropout(NodeContext node)
    {
        if (node.Has(2) && node.Constant(2).Integers.Any(training => training != 0))
            throw ImportException.Unsupported("it is in training mode; export the model for inference");
        return [node.Add(new Identity("Dropout"), node.Computed(0))];
    }

    /// <summary>Every computed value is float32.</summary>
    public static IReadOnlyList<Value> Cast(NodeContext node) => (DataType)node.Int("to", 0) == DataType.Float
        ? [node.Computed(0)]
        : throw ImportException.Unsupported($"it converts a computed value to {(DataType)node.Int("to", 0)}; networks compute in float32");
}
