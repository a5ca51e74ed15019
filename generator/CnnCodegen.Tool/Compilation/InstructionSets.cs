using System.Runtime.Intrinsics.X86;

namespace CnnCodegen.Tool.Compilation;

/// <summary>The instruction sets by the names the command line and the build settings use.</summary>
internal static class InstructionSets
{
    /// <summary>The best one that this CPU has.</summary>
    public const string Auto = "auto";

    /// <summary>Every accepted name.</summary>
    public static string[] Names => [Auto, .. Enum.GetValues<TargetIsa>().OrderDescending().Select(Name)];

    /// <summary>For example <c>avx512</c>.</summary>
    public static string Name(TargetIsa isa) => isa.ToString().ToLowerInvariant();

    /// <summary>The instruction set behind one of <see cref="Names"/>.</summary>
    public static TargetIsa Parse(string name) => name == Auto
        ? Enum.GetValues<TargetIsa>().OrderDescending().First(IsAvailable)
        : Enum.GetValues<TargetIsa>().Single(isa => Name(isa) == name);

    /// <summary>Whether this CPU executes it; otherwise it runs by the software fallback of the vector types.</summary>
    public static bool IsAvailable(TargetIsa isa) => isa switch
    {
        TargetIsa.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        TargetIsa.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
