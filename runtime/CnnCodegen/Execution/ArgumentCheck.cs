namespace CnnCodegen.Execution;

/// <summary>Checks the arguments of a call against the plan.</summary>
/// <param name="info">The plan.</param>
internal sealed class ArgumentCheck(NetworkInfo info)
{
    // Computed once: TensorInfo.Length is not free.
    private readonly int[] _inputs = Lengths(info.Inputs);
    private readonly int[] _outputs = Lengths(info.Outputs);

    /// <summary>Checks how many inputs and outputs there are.</summary>
    /// <exception cref="ArgumentException">A count differs.</exception>
    public void Counts(int inputs, int outputs)
    {
        if (inputs != _inputs.Length) throw WrongCount("inputs", info.Inputs, inputs);
        if (outputs != _outputs.Length) throw WrongCount("outputs", info.Outputs, outputs);
    }

    /// <summary>Checks counts and lengths, and that no output overlaps an input or another output.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public void All(ReadOnlySpan<Argument> inputs, ReadOnlySpan<Argument> outputs)
    {
        Counts(inputs.Length, outputs.Length);
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i].Length != _inputs[i]) throw WrongLength("input", info.Inputs[i], inputs[i].Length);
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Length != _outputs[i]) throw WrongLength("output", info.Outputs[i], outputs[i].Length);
            for (int j = 0; j < inputs.Length; j++)
                if (outputs[i].Overlaps(in inputs[j])) throw Overlap(info.Outputs[i], "input", info.Inputs[j]);
            for (int j = 0; j < i; j++)
                if (outputs[i].Overlaps(in outputs[j])) throw Overlap(info.Outputs[i], "output", info.Outputs[j]);
        }
    }

    /// <summary>A loop: the first load would have to compile a query.</summary>
    private static int[] Lengths(IReadOnlyList<TensorInfo> tensors)
    {
        int[] lengths = new int[tensors.Count];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = tensors[i].Length;
        return lengths;
    }

    private ArgumentException WrongCount(string what, IReadOnlyList<TensorInfo> expected, int given) =>
        new($"{info.Name} has {expected.Count} {what} ({string.Join(", ", expected.Select(tensor => $"{tensor.Name} {tensor.ShapeText}"))}), but {given} were given", what);

    private ArgumentException WrongLength(string role, TensorInfo tensor, int given) =>
        new($"{info.Name}: {role} '{tensor.Name}' is {tensor.ShapeText}, expected {tensor.Length} elements but {given} were given", tensor.Name);

    private ArgumentException Overlap(TensorInfo output, string role, TensorInfo other) =>
        new($"{info.Name}: output '{output.Name}' overlaps {role} '{other.Name}'; give it memory of its own", output.Name);
}
