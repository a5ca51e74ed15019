using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>Writes what lies between codes in bytes and words of bits, one for each digit of 64 codes, and the comparison of counts with thresholds.</summary>
internal sealed class CodesEmitter(SlicedPlan plan, BitText text, SourceWriter writer)
{
    /// <summary>Bytes of the vectors that hold codes.</summary>
    private readonly int _widest = plan.Isa == Isa.Portable ? 16 : 32;

    private readonly SlicedBlock _block = plan.Block;

    /// <summary>The packing of pixels of so many channels.</summary>
    public void EmitPack(int channels)
    {
        writer.Line($"/// <summary>Packs the digits of {channels} codes of each pixel of a block to words.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Pack{channels}(byte* x, byte* codes)"))
        using (writer.Loop("row", _block.InRows))
        {
            writer.Line($"byte* xc = x + (row * {plan.Input.Row}L);");
            using (writer.Loop("column", _block.InColumns))
            {
                (int Offset, int Bytes)[] parts = [.. Parts(channels)];
                foreach ((int offset, int bytes) in parts) writer.Line($"{Class(bytes)}<ulong> v{offset} = {Load("xc" + PlaneUnits.Plus(offset), bytes)};");
                for (int digit = 0; digit < plan.CodeBits; digit++)
                {
                    string bits = string.Join(" | ", parts.Select(part => Shifted(
                        $"(ulong){Class(part.Bytes)}.ExtractMostSignificantBits((v{part.Offset} << {7 - digit}).AsByte())", "<<", part.Offset)));
                    string mask = channels % 4 == 0 ? bits : $"({bits}) & 0x{(1UL << channels) - 1:X}UL";
                    writer.Line($"*(ulong*)(codes{PlaneUnits.Plus(digit * plan.PackedBytes)}) = {mask};");
                }

                writer.Line($"xc += {plan.Input.Column};");
                writer.Line($"codes += {sizeof(ulong)};");
            }
        }
    }

    /// <summary>The way back, to as many channels.</summary>
    public void EmitUnpack(int channels)
    {
        (int Offset, int Bytes)[] parts = [.. Parts(channels)];
        writer.Line($"/// <summary>Makes codes of {channels} channels of the words of a block{(plan.Overlap > 0 ? ", of all rows or of those that the block before does not have" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Unpack{channels}(byte* codes, byte* y{(plan.Overlap > 0 ? ", bool whole" : "")})"))
        {
            foreach (int bytes in parts.Select(part => Vector(part.Bytes)).Distinct())
            {
                writer.Line($"{Class(bytes)}<byte> spread{bytes} = {Class(bytes)}.Create({string.Join(", ", Enumerable.Range(0, bytes).Select(i => (i == 0 ? "(byte)" : "") + (i / 8)))});");
                writer.Line($"{Class(bytes)}<byte> select{bytes} = {Class(bytes)}.Create(0x8040201008040201ul).AsByte();");
            }

            using (writer.Open($"for (int row = {(plan.Overlap > 0 ? $"whole ? 0 : {plan.Overlap}" : "0")}; row < {_block.Rows}; row++)"))
            {
                writer.Line($"byte* source = codes + (row * {plan.JoinRow});");
                writer.Line($"byte* target = y + (row * {plan.Output.Row}L);");
                using (writer.Loop("column", _block.Columns))
                {
                    for (int digit = 0; digit < plan.ResultBits; digit++) writer.Line($"ulong bits{digit} = *(ulong*)(source{PlaneUnits.Plus(digit * plan.JoinedBytes)});");
                    foreach ((int offset, int bytes) in parts)
                    {
                        string digits = string.Join(" | ", Enumerable.Range(0, plan.ResultBits).Select(digit => Spread(digit, offset, bytes)));
                        writer.Line($"{Store("target" + PlaneUnits.Plus(offset), digits, bytes)};");
                    }

                    writer.Line($"source += {plan.JoinColumn};");
                    writer.Line($"target += {plan.Output.Column};");
                }
            }
        }
    }

    /// <summary>A count that reaches a threshold carries when the threshold's negative is added; digits of a code are what an odd number of thresholds says.</summary>
    public void EmitCompare()
    {
        writer.Line("/// <summary>Puts the digits of the codes, the thresholds that counts reach, in the place of the counters' first planes.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Compare(byte* counters, byte* thresholds, int channels)"))
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            for (int digit = 0; digit <= plan.CountBits; digit++) writer.Line($"{text.Type} count{digit} = {text.Load("counters" + PlaneUnits.Plus(digit * _block.VectorBytes))};");
            for (int digit = 0; digit < plan.ResultBits; digit++) writer.Line($"{text.Type} code{digit} = {text.Type}.Zero;");
            writer.Line($"{text.Type} mask, carry;");
            for (int threshold = 1; threshold <= plan.Thresholds; threshold++)
            {
                for (int digit = 0; digit <= plan.CountBits; digit++)
                {
                    int at = ((threshold - 1) * (plan.CountBits + 1)) + digit;
                    writer.Line($"mask = {text.Class}.Create(thresholds[{at}]).AsUInt64();");
                    writer.Line(digit == 0 ? "carry = count0 | mask;" : $"carry = {text.Carry($"count{digit} ^ mask", $"count{digit}", "carry")};");
                }

                for (int digit = 0; digit < plan.ResultBits && threshold % (1 << digit) == 0; digit++) writer.Line($"code{digit} ^= carry;");
            }

            for (int digit = 0; digit < plan.ResultBits; digit++) writer.Line($"{text.Load("counters" + PlaneUnits.Plus(digit * _block.VectorBytes))} = code{digit};");
            writer.Line($"counters += {plan.CounterBytes};");
            writer.Line($"thresholds += {plan.ThresholdBytes};");
        }
    }

    /// <summary>The bytes of a pixel's codes, in vectors of 32, 16, 8 and 4 bytes; pixels are whole words of four.</summary>
    private IEnumerable<(int Offset, int Bytes)> Parts(int channels)
    {
        int end = (channels + 3) / 4 * 4;
        for (int offset = 0, bytes = _widest; offset < end; offset += bytes)
        {
            while (bytes > end - offset) bytes /= 2;
            yield return (offset, bytes);
        }
    }

    private string Spread(int digit, int offset, int bytes)
    {
        (string type, string bits, int vector) = (Class(bytes), Shifted($"bits{digit}", ">>", offset), Vector(bytes));
        string all = bytes == 32 ? $"Avx2.Shuffle(Vector256.Create((uint)({bits})).AsByte(), spread32)" : $"Vector128.ShuffleNative(Vector128.Create((ushort)({bits})).AsByte(), spread16)";
        return $"({type}.Equals({all} & select{vector}, select{vector}) & {type}.Create((byte){1 << digit}))";
    }

    private static string Shifted(string bits, string direction, int by) => by == 0 ? bits : $"({bits} {direction} {by})";

    /// <summary>Bytes of the vector that holds so many.</summary>
    private static int Vector(int bytes) => Math.Max(16, bytes);

    private static string Class(int bytes) => bytes == 32 ? "Vector256" : "Vector128";

    private static string Load(string pointer, int bytes) => bytes switch
    {
        4 => $"Vector128.CreateScalar((ulong)*(uint*)({pointer}))",
        8 => $"Vector128.CreateScalar(*(ulong*)({pointer}))",
        _ => $"*({Class(bytes)}<ulong>*)({pointer})",
    };

    private static string Store(string pointer, string codes, int bytes) => bytes switch
    {
        4 => $"*(uint*)({pointer}) = ({codes}).AsUInt32().ToScalar()",
        8 => $"*(ulong*)({pointer}) = ({codes}).AsUInt64().ToScalar()",
        _ => $"*({Class(bytes)}<byte>*)({pointer}) = {codes}",
    };
}
