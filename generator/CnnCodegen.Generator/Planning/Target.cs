namespace CnnCodegen.Generator.Planning;

/// <summary>What a plan is made for. Names and order are those of the run time's <c>TargetIsa</c>.</summary>
internal enum Isa
{
    Portable,
    Avx2,
    Avx512,
}

/// <summary>The facts about an instruction set that decisions rest on.</summary>
internal static class Target
{
    /// <summary>The instruction sets that a selection stands for, best first.</summary>
    public static IReadOnlyList<Isa> Isas(this Model.IsaSelection selection) => selection switch
    {
        Model.IsaSelection.Avx512 => [Isa.Avx512],
        Model.IsaSelection.Avx2 => [Isa.Avx2],
        Model.IsaSelection.Portable => [Isa.Portable],
        _ => [Isa.Avx512, Isa.Avx2, Isa.Portable],
    };

    /// <summary>The name a person would use.</summary>
    public static string Display(this Isa isa) => isa switch { Isa.Avx512 => "AVX-512", Isa.Avx2 => "AVX2", _ => "portable Vector128" };

    /// <summary>The name in settings and tuning files.</summary>
    public static string Key(this Isa isa) => isa.ToString().ToLowerInvariant();

    /// <summary>Float32 lanes of a vector; the channel block of the blocked layout.</summary>
    public static int Lanes(this Isa isa) => isa switch { Isa.Avx512 => 16, Isa.Avx2 => 8, _ => 4 };

    /// <summary>Architectural vector registers.</summary>
    public static int Registers(this Isa isa) => isa == Isa.Avx512 ? 32 : 16;

    /// <summary>Whether a multiply-add takes a scalar from memory and broadcasts it for free.</summary>
    public static bool EmbedsBroadcast(this Isa isa) => isa == Isa.Avx512;
}
