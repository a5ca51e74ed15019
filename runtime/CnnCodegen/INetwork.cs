namespace CnnCodegen;

/// <summary>A loaded network, for code that does not know its class. All members are thread-safe.</summary>
public interface INetwork : IDisposable
{
    /// <summary>The plan it was compiled to.</summary>
    NetworkInfo Info { get; }

    /// <summary>Computes the outputs. Allocates nothing once as many calls as now have run at the same time before.</summary>
    /// <param name="inputs">The inputs in the order of <see cref="NetworkInfo.Inputs"/>, each dense and of the declared length.</param>
    /// <param name="outputs">Receive the results in the order of <see cref="NetworkInfo.Outputs"/>; must not overlap the inputs or each other.</param>
    /// <exception cref="ArgumentException">A count or a length differs, or an output overlaps.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed.</exception>
    void Run(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs);

    /// <summary>Times every step.</summary>
    /// <param name="inputs">As for <see cref="Run"/>.</param>
    /// <param name="outputs">As for <see cref="Run"/>.</param>
    /// <param name="runs">How many runs to take the median of, at least 1; one more run before them is not counted.</param>
    /// <exception cref="ArgumentException">As for <see cref="Run"/>, or <paramref name="runs"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed.</exception>
    NetworkProfile Profile(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs, int runs);
}
