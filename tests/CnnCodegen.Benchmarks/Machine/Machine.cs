using System.Runtime.Intrinsics.X86;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>The machine that this runs on.</summary>
internal static class Machine
{
    /// <summary>The best instruction set that kernels can be compiled for.</summary>
    public static Isa BestIsa => Avx512F.IsSupported ? Isa.Avx512 : Avx2.IsSupported ? Isa.Avx2 : Isa.Portable;

    /// <summary>The CPU's name.</summary>
    public static string Processor
    {
        get
        {
            const string key = "model name", file = "/proc/cpuinfo";
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
        }
    }
}
