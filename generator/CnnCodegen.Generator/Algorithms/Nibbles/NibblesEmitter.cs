using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Nibbles;

/// <summary>Writes a <see cref="NibblesPlan"/>: for each band of pairs the distances to counts of nibbles, and then piece by piece of the window the counts of all filters.</summary>
internal sealed class NibblesEmitter(NibblesPlan plan, SourceWriter writer)
{
    private readonly BitText _text = new(plan.Isa);

    private string Bytes => $"{_text.Class}<byte>";

    private string Counts => $"{_text.Class}<ushort>";

    public void Emit()
    {
        plan.Planes.EmitRun(writer, $"{plan.Channels} output channels", "rows", EmitUnit);
        writer.Blank();
        EmitDistances();
        writer.Blank();
        EmitStart();
        writer.Blank();
        EmitUnpack();
        foreach ((int size, _) in plan.Pieces.Pieces)
        {
            writer.Blank();
            EmitCount(size);
        }

        writer.Blank();
        EmitFinish();
    }

    private void EmitUnit()
    {
        PlaneUnits planes = plan.Planes;
        string block(long bytes) => planes.Blocks > 1 ? $" + (block * {bytes}L)" : "";
        writer.Line($"int top = {planes.First}, bottom = {planes.End};");
        writer.Line($"byte* x = {planes.At("operands.Input", plan.Input)} + (top * {plan.RowStride * plan.Input.Row}L);");
        writer.Line($"byte* starts = operands.Weights{block(plan.StartBytes)};");
        writer.Line($"byte* w = operands.Weights + {plan.WeightOffset}{block(plan.FilterBytes)};");
        writer.Line($"byte* y = {planes.At("operands.Output", plan.Output)};");
        writer.Line($"byte* counts = operands.Scratch + {plan.CountsOffset}, nibbles = operands.Scratch + {plan.NibblesOffset};");
        writer.Line($"Distances(x, operands.Scratch, ((bottom - top) * {plan.RowStride}){PlaneUnits.Plus(plan.WindowRows - plan.RowStride)});");
        writer.Line("Start(starts, counts, top, bottom);");
        writer.Line("byte* xr = operands.Scratch;");
        using (writer.Repeat("kh", plan.Reduction.Rows))
        {
            writer.Line("byte* xc = xr;");
            using (writer.Repeat("kw", plan.Reduction.Columns))
            {
                writer.Line("byte* xs = xc;");
                foreach ((int size, int count) in plan.Pieces.Pieces)
                {
                    using (writer.Repeat("step", count))
                    {
                        writer.Line($"Unpack(w, nibbles, {size});");
                        writer.Line($"Count{size}(NibbleTables.Pairs, xs, nibbles, counts, bottom - top);");
                        writer.Line($"xs += {size * NibblesPlan.DistanceBytes};");
                        writer.Line($"w += {size * plan.WordBytes};");
                    }
                }

                writer.Line($"xc += {plan.Reduction.ColumnBytes};");
            }

            writer.Line($"xr += {plan.Reduction.RowBytes};");
        }

        writer.Line("Finish(counts, y, top, bottom);");
    }

    private void EmitDistances()
    {
        int bytes = NibblesPlan.DistanceBytes / 2;
        writer.Line("/// <summary>Of each word of both pixels of pairs the distances to the counts of their nibbles: of the lower ones of its bytes, then of the upper ones.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Distances(byte* x, byte* distances, int rows)"))
        using (writer.Open("for (int row = 0; row < rows; row++)"))
        {
            writer.Line($"byte* xp = x + (row * {plan.Input.Row}L);");
            using (writer.Loop("word", plan.InColumns * plan.Words))
            {
                writer.Line("Vector128<ushort> first = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)xp).AsByte());");
                writer.Line($"Vector128<ushort> both = first | (Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)(xp{PlaneUnits.Plus((long)plan.Apart * plan.RowStride * plan.Input.Row)})).AsByte()) << 8);");
                writer.Line("*(Vector128<ushort>*)distances = ((both & Vector128.Create((ushort)0xF)) << 4) | (both & Vector128.Create((ushort)0xF00));");
                writer.Line($"*(Vector128<ushort>*)(distances + {bytes}) = (both & Vector128.Create((ushort)0xF0)) | ((both >> 4) & Vector128.Create((ushort)0xF00));");
                writer.Line($"xp += {sizeof(ulong)};");
                writer.Line($"distances += {NibblesPlan.DistanceBytes};");
            }
        }
    }

    private void EmitStart()
    {
        int half = plan.CountBytes;
        writer.Line("/// <summary>Counts begin at their negative thresholds, so that their sign is the bit.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Start(byte* starts, byte* counts, int first, int end)"))
        using (writer.Open("for (int row = first; row < end; row++)"))
        using (writer.Loop("column", plan.Columns))
        {
            string column = plan.ColumnClasses.Count > 1 ? $" + (({plan.ColumnClasses.Index("column")}) * {plan.CountBytes})" : "";
            string row(string index) => plan.RowClasses.Count > 1 ? $" + (({plan.RowClasses.Index(index)}) * {plan.ColumnClasses.Count * plan.CountBytes})" : "";
            writer.Line($"byte* s0 = starts{row("row")}{column};");
            writer.Line($"byte* s1 = starts{row($"(row{PlaneUnits.Plus(plan.Apart)})")}{column};");
            for (int pixel = 0; pixel < 2; pixel++)
                for (int at = 0; at < half; at += plan.VectorBytes)
                    writer.Line($"{_text.Load("counts" + PlaneUnits.Plus((pixel * half) + at))} = {_text.Load($"s{pixel}" + PlaneUnits.Plus(at))};");
            writer.Line($"counts += {2 * half};");
        }
    }

    private void EmitUnpack()
    {
        int half = plan.WordNibbleBytes / 2;
        writer.Line("/// <summary>Gives each nibble of so many words of weights a byte: the lower ones of a word's bytes, then the upper ones.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Unpack(byte* w, byte* nibbles, int words)"))
        using (writer.Open("for (int word = 0; word < words; word++)"))
        {
            using (writer.Loop("octet", NibblesPlan.WordNibbles / 2))
            {
                for (int at = 0; at < plan.Channels; at += plan.VectorBytes)
                {
                    writer.Line($"{Bytes} bits{at} = *({Bytes}*)(w{PlaneUnits.Plus(at)});");
                    writer.Line($"*({Bytes}*)(nibbles{PlaneUnits.Plus(at)}) = bits{at} & {_text.Class}.Create((byte)15);");
                    writer.Line($"*({Bytes}*)(nibbles{PlaneUnits.Plus(half + at)}) = (bits{at}.AsUInt16() >> 4).AsByte() & {_text.Class}.Create((byte)15);");
                }

                writer.Line($"w += {plan.Channels};");
                writer.Line($"nibbles += {plan.Channels};");
            }

            writer.Line($"nibbles += {half};");
        }
    }

    /// <summary>
    /// The counts of three nibbles, at most 12, fill four bits: those of the first pixel lie in the lower ones of a byte, those of the second in the upper ones.
    /// One sum of bytes is that of both, the other that of the second alone, and both are less than 256; the first is what the second leaves of the sum of both.
    /// </summary>
    private void EmitCount(int words)
    {
        int nibbles = words * NibblesPlan.WordNibbles;
        writer.Line($"/// <summary>Adds to the counts of pairs how many signs of {words * NibblesPlan.WordChannels} channels differ.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Count{words}(byte* table, byte* distances, byte* w, byte* counts, int rows)"))
        {
            writer.Line($"{Bytes} low = {_text.Class}.Create((byte)15);");
            using (writer.Open("for (int row = 0; row < rows; row++)"))
            {
                writer.Line($"byte* x = distances + (row * {plan.RowStride * plan.DistanceRow}L);");
                using (writer.Loop("column", plan.Columns))
                {
                    writer.Line($"{Bytes} {string.Join(", ", Enumerable.Range(0, NibblesPlan.Together).Select(i => $"t{i}"))}, sum;");
                    for (int first = 0; first < nibbles; first += NibblesPlan.Together) EmitGroup(first, Math.Min(NibblesPlan.Together, nibbles - first));
                    for (int vector = 0; vector < plan.Vectors; vector++) EmitSums(vector);
                    writer.Line($"x += {plan.ColumnStride * plan.Words * NibblesPlan.DistanceBytes};");
                    writer.Line($"counts += {2 * plan.CountBytes};");
                }
            }
        }
    }

    private void EmitGroup(int first, int count)
    {
        for (int i = 0; i < count; i++) writer.Line($"t{i} = {_text.Repeat($"table + *(ushort*)(x{PlaneUnits.Plus((first + i) * sizeof(ushort))})")};");
        for (int vector = 0; vector < plan.Vectors; vector++)
        {
            writer.Line($"sum = {string.Join(" + ", Enumerable.Range(0, count).Select(i => _text.Lookup($"t{i}", $"*({Bytes}*)(w{PlaneUnits.Plus(((first + i) * plan.Channels) + (vector * plan.VectorBytes))})")))};");
            (string declared, string add) = first == 0 ? (Bytes + " ", "=") : ("", "+=");
            writer.Line($"{declared}both{vector} {add} sum;");
            writer.Line($"{declared}second{vector} {add} (sum.AsUInt16() >> 4).AsByte() & low;");
        }
    }

    private void EmitSums(int vector)
    {
        writer.Line($"both{vector} -= (second{vector}.AsUInt16() << 4).AsByte() & ~low;");
        for (int pixel = 0; pixel < 2; pixel++)
        {
            string bytes = $"{(pixel == 0 ? "both" : "second")}{vector}.AsUInt16()";
            int at = (pixel * plan.CountBytes) + (vector * 2 * plan.VectorBytes);
            writer.Line($"*({Counts}*)(counts{PlaneUnits.Plus(at)}) += {bytes} & {_text.Class}.Create((ushort)0xFF);");
            writer.Line($"*({Counts}*)(counts{PlaneUnits.Plus(at + plan.VectorBytes)}) += {bytes} >> 8;");
        }
    }

    private void EmitFinish()
    {
        writer.Line("/// <summary>Stores the signs of the counts of pairs.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Finish(byte* counts, byte* y, int first, int end)"))
        using (writer.Open("for (int row = first; row < end; row++)"))
        {
            writer.Line($"byte* yp = y + (row * {plan.Output.Row}L);");
            using (writer.Loop("column", plan.Columns))
            {
                EmitBits(0);
                using (plan.Overlaps ? writer.Open("if (row > 0)") : (IDisposable?)null) EmitBits(1);
                writer.Line($"yp += {plan.Output.Column};");
                writer.Line($"counts += {2 * plan.CountBytes};");
            }
        }
    }

    private void EmitBits(int pixel)
    {
        int vectors = NibblesPlan.WordChannels / plan.VectorBytes;
        for (int word = 0; word < plan.Vectors / vectors; word++)
        {
            IEnumerable<string> bits = Enumerable.Range(0, vectors).Select(i => Signs((pixel * plan.CountBytes) + (((word * vectors) + i) * 2 * plan.VectorBytes), i * plan.VectorBytes));
            writer.Line($"*(ulong*)(yp{PlaneUnits.Plus(((long)pixel * plan.Apart * plan.Output.Row) + (word * sizeof(ulong)))}) = {string.Join(" | ", bits)};");
        }
    }

    /// <summary>The signs of even and of odd channels, bit by bit.</summary>
    private string Signs(int at, int shift)
    {
        string even = $"*({Counts}*)(counts{PlaneUnits.Plus(at)})", odd = $"*({Counts}*)(counts{PlaneUnits.Plus(at + plan.VectorBytes)})";
        string bits = $"(ulong){_text.Class}.ExtractMostSignificantBits((({even} >> 8) | ({odd} & {_text.Class}.Create((ushort)0xFF00))).AsByte())";
        return shift == 0 ? bits : $"({bits} << {shift})";
    }
}
