using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Codes;

/// <summary>
/// Expressions on vectors of 32-bit integers and codes: 256 bits wherever there is AVX2, which has the products of neighbours,
/// otherwise 128 bits of the cross-platform operations.
/// </summary>
internal sealed class CodeDialect(Isa isa)
{
    /// <summary>1.5 * 2^23: added to a float of small magnitude it leaves the nearest integer, to even between two, in the lowest bits.</summary>
    private const int RoundingBits = 0x4B400000;

    private const string Rounding = "12582912f";

    private readonly bool _wide = isa != Isa.Portable;

    /// <summary>Floats of as many lanes.</summary>
    public Dialect Floats { get; } = new(isa == Isa.Portable ? Isa.Portable : Isa.Avx2);

    public int Lanes => Floats.Lanes;

    public string Class => Floats.Class;

    public string Type => $"{Class}<int>";

    public string Load(string pointer) => $"*({Type}*)({pointer})";

    /// <summary>As many bytes as there are lanes, or only the lower half of them, as integers.</summary>
    public string LoadCodes(string pointer, string? half = null)
    {
        if (!_wide) return $"Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)({pointer})).AsByte())).AsInt32()";
        return half is null
            ? $"Avx2.ConvertToVector256Int32({pointer})"
            : $"Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe({half} ? *(uint*)({pointer}) : *(ulong*)({pointer})).AsByte())";
    }

    /// <summary>Stores integers from 0 to 255 as bytes; where <paramref name="half"/> holds only the lower half of them.</summary>
    public string StoreCodes(string pointer, string value, string? half = null)
    {
        if (!_wide) return $"*(uint*)({pointer}) = Vector128.Narrow(Vector128.Narrow({value}.AsUInt32(), {value}.AsUInt32()), Vector128<ushort>.Zero).AsUInt32().ToScalar();";
        string bytes = $"Sse2.PackUnsignedSaturate(Sse41.PackUnsignedSaturate({value}.GetLower(), {value}.GetUpper()).AsInt16(), Vector128<short>.Zero)";
        string whole = $"*(ulong*)({pointer}) = {bytes}.AsUInt64().ToScalar();";
        return half is null ? whole : $"if ({half}) *(uint*)({pointer}) = {bytes}.AsUInt32().ToScalar();\nelse {whole}";
    }

    public string ToFloat(string integers) => $"{Class}.ConvertToSingle({integers})";

    /// <summary>The bytes of values in units of their grid's scale; NaN, which has no code, becomes the least.</summary>
    public string ToCodes(CodeGrid grid, string value)
    {
        string bounded = Floats.Min(Constant(grid.High), Floats.Max(value, Constant(grid.Low)));
        return $"({bounded} + {Floats.Broadcast(Rounding)}).AsInt32() + {Class}.Create({Literals.Int(grid.Zero - RoundingBits)})";
    }

    /// <summary>The nearest integers of values in units of their grid's scale, none above its greatest; of NaN the least integer. With AVX2.</summary>
    public string ToNearest(CodeGrid grid, string value) => $"Avx.ConvertToVector256Int32({Floats.Min(Constant(grid.High), value)})";

    /// <summary>The bytes of the integers of <see cref="ToNearest"/>, in the order of the four vectors. With AVX2.</summary>
    public static string Pack(CodeGrid grid, string first, string second, string third, string fourth)
    {
        string bytes = $"Avx2.PackUnsignedSaturate({Words(first, second)}, {Words(third, fourth)})";
        return $"Avx2.PermuteVar8x32({bytes}.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte()";

        string Words(string a, string b)
        {
            string words = $"Avx2.PackSignedSaturate({a}, {b})";
            return grid.Zero == 0 ? words : $"Avx2.AddSaturate({words}, Vector256.Create((short){grid.Zero}))";
        }
    }

    private string Constant(int value) => value == 0 ? Floats.Zero : Floats.Broadcast(Literals.Float(value));
}
