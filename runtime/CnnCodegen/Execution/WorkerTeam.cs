namespace CnnCodegen.Execution;

/// <summary>The threads that share one call's steps: the caller, and parked workers.</summary>
public sealed unsafe class WorkerTeam
{
    /// <summary>A team of the caller alone.</summary>
    public static WorkerTeam Single { get; } = new();

    /// <summary>Number of threads, the caller included.</summary>
    public int Threads => 1;

    /// <summary>Runs a kernel over its work units [0, <paramref name="units"/>), split evenly over the threads, and returns when all are done.</summary>
    /// <param name="kernel">Computes the units [begin, end).</param>
    /// <param name="operands">The kernel's addresses.</param>
    /// <param name="units">How many independent units the kernel has.</param>
    public void Run(delegate*<in Operands, int, int, void> kernel, in Operands operands, int units) => kernel(in operands, 0, units);
}
