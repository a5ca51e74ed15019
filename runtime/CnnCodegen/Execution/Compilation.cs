using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

/// <summary>How loops over weights are compiled.</summary>
internal static class Compilation
{
    /// <summary>
    /// With all optimisations the first time, which comes just in time. What has that option is not compiled ahead of time, so the assembly
    /// for that goes without: there it is compiled with all optimisations anyway.
    /// </summary>
#if CNN_AHEAD
    public const MethodImplOptions Whole = default;
#else
    public const MethodImplOptions Whole = MethodImplOptions.AggressiveOptimization;
#endif
}
