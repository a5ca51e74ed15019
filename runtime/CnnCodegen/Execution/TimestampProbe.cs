using System.Diagnostics;

namespace CnnCodegen.Execution;

/// <summary>Writes the time at which each step ended.</summary>
/// <param name="timestamps">One <see cref="Stopwatch"/> timestamp for each step.</param>
public readonly unsafe struct TimestampProbe(long* timestamps) : IStepProbe
{
    /// <inheritdoc/>
    public void Completed(int index) => timestamps[index] = Stopwatch.GetTimestamp();
}
