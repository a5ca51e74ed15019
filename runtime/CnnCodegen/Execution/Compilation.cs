using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

/// <summary>How loops over weights are compiled.</summary>
internal static class Compilation
{
    /// <summary>
    /// With all optimisations the first time, which comes just in time. What has that option is not compiled ahead of time, so the assembly
    /// for that goes without: its code has all optimisations anyway. Where that code is not used, as on CPUs without AVX2, loading takes longer.
    /// </summary>
#if CNN_AHEAD
    public const MethodImplOptions Whole = default;
#else
    public const MethodImplOptions Whole = MethodImplOptions.AggressiveOptimization;
#endif
}
