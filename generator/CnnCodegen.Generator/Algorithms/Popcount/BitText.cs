using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>Expressions on vectors of 64-bit words of one instruction set; <c>counts</c> and <c>low</c> are names that <see cref="Constants"/> declares.</summary>
internal sealed class BitText(Isa isa)
{
    public string Class { get; } = isa switch { Isa.Avx512 => "Vector512", Isa.Avx2 => "Vector256", _ => "Vector128" };

    public string Type => Class + "<ulong>";

    public int Lanes => isa.Lanes() / 2;

    /// <summary>
    /// Levels of carry-save adders in front of the counting, for so many words. Counting the bits of a vector is seven instructions; an adder of three
    /// vectors, which leaves two, is three where one instruction takes any function of three bits, and five otherwise.
    /// </summary>
    public int Levels(int words) => (isa, words) switch { (Isa.Avx512, _) => 4, (_, < 24) => 1, _ => 3 };

    /// <summary>Vector instructions for each word.</summary>
    public double WordInstructions => isa switch { Isa.Portable => 7, _ => 4 };

    public IEnumerable<string> Constants =>
    [
        $"{Class}<byte> counts = VectorFunctions.NibbleCounts{Class.Substring(6)};",
        $"{Class}<byte> low = {Class}.Create((byte)15);",
    ];

    public string Load(string pointer) => $"*({Type}*)({pointer})";

    public string Broadcast(string pointer) => $"{Class}.Create(*(ulong*)({pointer}))";

    /// <summary>The carries of a + b + c, where <paramref name="differ"/> is a ^ b.</summary>
    public string Carry(string differ, string a, string c) => $"{Class}.ConditionalSelect({differ}, {c}, {a})";

    /// <summary>The set bits of each byte of a vector, which is named twice.</summary>
    public string Count(string vector) => $"{Lookup("counts", $"{vector}.AsByte() & low")} + {Lookup("counts", $"({vector} >> 4).AsByte() & low")}";

    /// <summary>The sum of the bytes of each word.</summary>
    public string SumBytes(string bytes) =>
        isa == Isa.Avx2 ? $"Avx2.SumAbsoluteDifferences({bytes}, Vector256<byte>.Zero).AsUInt64()" : $"VectorFunctions.SumBytes({bytes})";

    /// <summary>The entries of numbers below 16 in a table of bytes that is the same in each 16 bytes.</summary>
    public string Lookup(string table, string index) => isa switch
    {
        Isa.Avx512 => $"VectorFunctions.Lookup({table}, {index})",
        Isa.Avx2 => $"Avx2.Shuffle({table}, {index})",
        _ => $"Vector128.ShuffleNative({table}, {index})",
    };

    /// <summary>Sixteen bytes in each 16 bytes of a vector.</summary>
    public string Repeat(string pointer) => isa switch
    {
        Isa.Avx512 => $"VectorFunctions.Repeat512({pointer})",
        Isa.Avx2 => $"Avx2.BroadcastVector128ToVector256({pointer})",
        _ => $"*(Vector128<byte>*)({pointer})",
    };
}
