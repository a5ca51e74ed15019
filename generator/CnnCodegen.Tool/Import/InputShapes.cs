using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>Gives every graph input a fixed shape.</summary>
internal static class InputShapes
{
    /// <summary>The inputs of the network, in order; those that <see cref="ImportOptions.Constants"/> binds are left out.</summary>
    /// <exception cref="ImportException">A dimension has no size, an input is neither float32 nor integers, or a constant names no input.</exception>
    public static IReadOnlyList<(OnnxValue Value, TensorShape Shape)> Resolve(OnnxModel model, ImportOptions options)
    {
        foreach (string name in options.Constants.Keys)
            if (model.Inputs.All(i => i.Name != name)) throw new ImportException($"there is no input '{name}' to bind a constant to");
        OnnxValue[] inputs = [.. model.Inputs.Where(i => !options.Constants.ContainsKey(i.Name))];
        RefuseUnusedDims(model, options);

        List<string> open = [];
        List<(OnnxValue, TensorShape)> result = [];
        foreach (OnnxValue input in inputs)
        {
            RequireType(input);
            if (input.Dims is not { } dims) throw new ImportException($"the input '{input.Name}' has no shape; export the model with one");
            if (dims.Count == 0) throw new ImportException($"the input '{input.Name}' is a scalar; networks read tensors of at least one dimension");
            result.Add((input, TensorShape.Of([.. dims.Select((d, i) => Size(input, d, i))])));
        }

        if (open.Count > 0)
            throw new ImportException($"these dimensions have no size: {string.Join(", ", open)}. Give each named one with --dim NAME=SIZE, and export the model with sizes for the others");
        return result;

        int Size(OnnxValue input, (int? Size, string Symbol) dim, int axis)
        {
            if (dim.Size is { } known) return known;
            if (dim.Symbol.Length > 0 && options.Dims.TryGetValue(dim.Symbol, out int given)) return given;
            if (axis > 0) open.Add($"dimension {axis} of '{input.Name}' ({(dim.Symbol.Length > 0 ? dim.Symbol : "unnamed")})");
            return 1;
        }
    }

    /// <exception cref="ImportException">The input's elements cannot be carried by float32.</exception>
    public static void RequireType(OnnxValue input)
    {
        if (input.Type != DataType.Float && IntegerRange.Of(input.Type) is null)
            throw ImportException.Unsupported($"the input '{input.Name}' is {input.Type}; networks read float32, and integers as float32");
    }

    private static void RefuseUnusedDims(OnnxModel model, ImportOptions options)
    {
        string[] symbols = [.. model.Inputs.SelectMany(i => i.Dims ?? []).Select(d => d.Symbol).Where(s => s.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        foreach (string name in options.Dims.Keys)
            if (!symbols.Contains(name))
                throw new ImportException($"no input has a dimension '{name}'; {(symbols.Length == 0 ? "none has a name" : $"the named dimensions are: {string.Join(", ", symbols)}")}");
    }
}
