using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>The multiply-add peak of a core, sampled between other measurements.</summary>
internal sealed class PeakMeter(Isa isa)
{
    /// <summary>The best sample so far, in GFLOP/s.</summary>
    public double Best { get; private set; }

    /// <summary>Takes some more.</summary>
    public void Sample()
    {
        for (int i = 0; i < 5; i++) Best = Math.Max(Best, FmaPeak.Measure(isa));
    }
}
