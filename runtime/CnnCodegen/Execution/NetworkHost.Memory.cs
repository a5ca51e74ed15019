namespace CnnCodegen.Execution;

public sealed unsafe partial class NetworkHost
{
    /// <inheritdoc/>
    public void Run(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
    {
        _check.Counts(inputs.Length, outputs.Length);
        Span<Argument> arguments = stackalloc Argument[inputs.Length + outputs.Length];
        Pinned(0, inputs, outputs, arguments, 0);
    }

    /// <inheritdoc/>
    public NetworkProfile Profile(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs, int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        _check.Counts(inputs.Length, outputs.Length);
        Span<Argument> arguments = stackalloc Argument[inputs.Length + outputs.Length];
        return Pinned(0, inputs, outputs, arguments, runs)!;
    }

    /// <summary>Pins the arguments from <paramref name="index"/> on, one per stack frame, which needs no handles; then runs, or profiles if there are <paramref name="runs"/>.</summary>
    private NetworkProfile? Pinned(int index, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs, Span<Argument> arguments, int runs)
    {
        if (index < arguments.Length)
        {
            ReadOnlySpan<float> span = index < inputs.Length ? inputs[index].Span : outputs[index - inputs.Length].Span;
            fixed (float* pointer = span)
            {
                arguments[index] = new Argument(pointer, span.Length);
                return Pinned(index + 1, inputs, outputs, arguments, runs);
            }
        }
        ReadOnlySpan<Argument> sources = arguments[..inputs.Length], results = arguments[inputs.Length..];
        if (runs > 0) return Profile(sources, results, runs);
        Run(sources, results);
        return null;
    }
}
