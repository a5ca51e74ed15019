using System.Diagnostics;

namespace CnnCodegen.Benchmarks;

/// <summary>Binds this process to processors; children and threads that start later inherit it.</summary>
internal static class Affinity
{
    /// <summary>The processors for one thread, two, and so on: the first is not processor 0, where interrupts end up.</summary>
    public static int[] DefaultProcessors => Environment.ProcessorCount > 1 ? [1, 0, .. Enumerable.Range(2, Environment.ProcessorCount - 2)] : [0];

    /// <summary>Binds the calling thread, which must be the main one, to the given processors.</summary>
    /// <exception cref="PlatformNotSupportedException">The system cannot do that.</exception>
    public static void Pin(IEnumerable<int> processors)
    {
        using Process self = Process.GetCurrentProcess();
        nint mask = (nint)processors.Aggregate(0L, (bits, processor) => bits | (1L << processor));
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) self.ProcessorAffinity = mask;
        else throw new PlatformNotSupportedException("This system does not bind processes to processors.");
    }
}
