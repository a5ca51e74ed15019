namespace CnnCodegen.Tool.Import;

/// <summary>Operators that move or choose elements: of codes they give codes, of integers integers, so they are imported as if of floats.</summary>
internal static class ExactOperators
{
    private static readonly HashSet<string> Moves =
    [
        "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Slice", "Split", "Gather", "DepthToSpace", "SpaceToDepth", "MaxPool", "Concat",
    ];

    /// <summary>Those that depend on what 0 or a bound is, which codes of a quantized value do not say.</summary>
    private static readonly HashSet<string> Choices = ["Pad", "Relu", "Clip", "Max", "Min"];

    /// <summary>Takes codes or integers for floats, where the operator permits it.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">What it reads; replaced.</param>
    /// <returns>Gives its results the meaning that the inputs had.</returns>
    public static Func<Value, Value> Unwrap(string opType, Value?[] inputs)
    {
        int[] data = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i] is not null && IsData(opType, i))];
        if (!(Moves.Contains(opType) || Choices.Contains(opType)) || data.Length == 0) return result => result;
        Value first = inputs[data[0]]!.Value;
        if (first.Codes is { } codes && Moves.Contains(opType) && data.All(i => inputs[i]!.Value.Codes == codes))
        {
            foreach (int i in data) inputs[i] = inputs[i]!.Value with { Codes = null };
            return result => result with { Codes = codes };
        }

        if (data.All(i => Range(inputs[i]!.Value) is null)) return result => result;
        IntegerRange?[] ranges = [.. data.Select(i => Range(inputs[i]!.Value))];
        if (ranges.Contains(null)) return result => result;
        foreach (int i in data) inputs[i] = inputs[i]!.Value.Constant is { } constant ? constant.ToFloats() : inputs[i]!.Value with { Integers = null };
        IntegerRange all = ranges.Select(r => r!.Value).Aggregate((a, b) => a.With(b));
        return result => result with { Integers = all };
    }

    /// <summary>Whether an input is elements and not sizes or positions.</summary>
    private static bool IsData(string opType, int input) => opType switch
    {
        "Concat" or "Clip" or "Max" or "Min" => true,
        "Pad" => input is 0 or 2,
        _ => input == 0,
    };

    private static IntegerRange? Range(Value value) => value switch
    {
        { Constant: { IsFloat: false, Length: > 0 } constant } => new IntegerRange(constant.Integers.Min(), constant.Integers.Max()),
        _ => value.Integers,
    };
}
