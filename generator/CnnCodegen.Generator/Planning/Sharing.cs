namespace CnnCodegen.Generator.Planning;

/// <summary>Decides which steps of a network threads share; the caller does the others alone.</summary>
internal static class Sharing
{
    /// <summary>What it costs to share a step: about two microseconds until all threads have begun and ended, several times that to be worth it.</summary>
    private const double MinStepCycles = 16_000;

    /// <summary>What it costs to wake the workers at the first shared step of a call: tens of microseconds.</summary>
    private const double MinNetworkCycles = 160_000;

    /// <summary>Scalar code of the algorithms without an estimate.</summary>
    private const double MacsPerCycle = 1;

    /// <summary>What a core moves between kernels through its second-level cache.</summary>
    private const double BytesPerCycle = 16;

    /// <summary>The estimated work of one kernel of a layer.</summary>
    /// <param name="cost">The layer's; null if its algorithm has no estimate.</param>
    /// <param name="calls">How many kernels the layer has.</param>
    /// <param name="macs">The layer's multiply-accumulates.</param>
    /// <param name="bytes">What the kernel reads and writes.</param>
    public static double Cycles(Cost? cost, int calls, long macs, long bytes) =>
        Math.Max((cost?.Cycles ?? (macs / MacsPerCycle)) / calls, bytes / BytesPerCycle);

    /// <summary>Which steps to share, from the cycles and the units of each.</summary>
    public static IReadOnlyList<bool> Choose(IReadOnlyList<(double Cycles, int Units)> steps)
    {
        bool[] shared = steps.Select(step => step.Units > 1 && step.Cycles >= MinStepCycles).ToArray();
        double total = steps.Zip(shared, (step, isShared) => isShared ? step.Cycles : 0).Sum();
        return total < MinNetworkCycles ? new bool[steps.Count] : shared;
    }
}
