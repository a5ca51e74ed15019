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

    /// <summary>Every computed value is float32, and so are integers; to an integer type only those that it holds.</summary>
    public static IReadOnlyList<Value> Cast(NodeContext node)
    {
        (Value x, DataType to) = (node.Input(0), (DataType)node.Int("to", 0));
        if (x is { Codes: { } grid, Computed: { } value })
            x = new Value(null, CodeValues.Integers(value, grid, node.Add)) { Integers = new(grid.Low, grid.High) };
        if (to == DataType.Float) return [x with { Integers = null }];
        if (x.Integers is { } range && IntegerRange.Of(to) is { } wider && range.With(wider) == wider) return [x];
        throw ImportException.Unsupported($"it converts a computed value to {to}; networks compute in float32, and with integers that fit");
    }
}
