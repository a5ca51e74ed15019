using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>
/// Writes the ways from words to planes and back. A transposition of 64 x 64 bits is six steps, each of which swaps bits of a word's index with those of
/// a bit's index (Warren, Hacker's Delight, 7-3); lanes of vectors are transposed side by side, three steps in registers at a time.
/// </summary>
internal sealed class TransposeEmitter(SlicedPlan plan, BitText text, SourceWriter writer)
{
    /// <summary>Vectors in registers.</summary>
    private const int Radix = 8;

    private readonly SlicedBlock _block = plan.Block;

    /// <summary>Rows that the block before may have stored; words on their way to codes are all made.</summary>
    private readonly int _overlap = plan.IsOfCodes ? 0 : plan.Overlap;

    /// <summary>Eight columns of pixels: registers of a lane's row.</summary>
    private int RowRegisters => _block.RowBits / Radix;

    private string Type => text.Type;

    /// <summary>One part of the input's planes.</summary>
    public void EmitSlice()
    {
        writer.Line("/// <summary>Transposes words of pixels to planes of bits, and moves these by each column of the window.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Slice(byte* x, byte* words, byte* planes)"))
        {
            using (writer.Loop("i", Radix))
            {
                // The last columns, where there are fewer than eight, are read again in place of those behind them, whose bits are cleared.
                int last = (_block.InColumns - 1) % Radix;
                writer.Line($"byte* xi = x + (i * {plan.SliceColumn});");
                if (last < Radix - 1) writer.Line($"byte* xl = x + (Math.Min(i, {last}) * {plan.SliceColumn});");
                for (int register = 0; register < Radix; register++) writer.Line($"{Type} v{register} = {Gather(register)};");
                Steps(32);
                for (int register = 0; register < Radix; register++) writer.Line($"{Words(register * Radix)} = v{register};");
                writer.Line($"words += {_block.VectorBytes};");
            }

            writer.Blank().Line($"words -= {Radix * _block.VectorBytes};");
            using (writer.Loop("i", Radix))
            {
                for (int register = 0; register < Radix; register++) writer.Line($"{Type} v{register} = {Words(register)};");
                Steps(4);
                if (_block.InColumns < _block.RowBits)
                    for (int register = 0; register < Radix; register++) writer.Line($"v{register} &= {text.Class}.Create(0x{Row():X}ul);");
                for (int register = 0; register < Radix; register++)
                    for (int column = 0; column < plan.KernelColumns; column++)
                        writer.Line($"*({Type}*)(planes{PlaneUnits.Plus(((register * plan.KernelColumns) + column) * _block.PlaneBytes)}) = {Moved($"v{register}", (column * plan.ColumnDilation) - plan.ColumnPad)};");
                writer.Line($"words += {Radix * _block.VectorBytes};");
                writer.Line($"planes += {Radix * plan.KernelColumns * _block.PlaneBytes};");
            }
        }
    }

    /// <summary>Results to words.</summary>
    public void EmitJoin()
    {
        writer.Line($"/// <summary>Transposes one plane of each of 64 counters to words of pixels{(_overlap > 0 ? ", of all rows or of those that the block before does not have" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Join(byte* planes, byte* words, byte* y{(_overlap > 0 ? ", bool whole" : "")})"))
        {
            using (writer.Loop("i", Radix))
            {
                for (int register = 0; register < Radix; register++)
                    writer.Line($"{Type} v{register} = {text.Load("planes" + PlaneUnits.Plus(register * plan.CounterBytes))};");
                Steps(4);
                for (int register = 0; register < Radix; register++) writer.Line($"{Words(register)} = v{register};");
                writer.Line($"words += {Radix * _block.VectorBytes};");
                writer.Line($"planes += {Radix * plan.CounterBytes};");
            }

            writer.Blank().Line($"words -= {Radix * Radix * _block.VectorBytes};");
            using (writer.Loop("i", Radix))
            {
                for (int register = 0; register < Radix; register++) writer.Line($"{Type} v{register} = {Words(register * Radix)};");
                Steps(32);
                for (int column = 0; column < _block.Columns; column += Radix)
                {
                    int left = _block.Columns - column;
                    if (left >= Radix) Scatter(column);
                    else
                        using (writer.Open($"if (i < {left})"))
                            Scatter(column);
                }

                writer.Line($"words += {_block.VectorBytes};");
                writer.Line($"y += {plan.JoinColumn};");
            }
        }
    }

    private void Scatter(int column)
    {
        if (_overlap > 0)
            using (writer.Open("if (whole)"))
                Scatter(column, 0, _overlap);
        Scatter(column, _overlap, _block.Rows);
    }

    private void Scatter(int column, int first, int end)
    {
        for (int row = first; row < end; row++)
            writer.Line($"*(ulong*)(y{PlaneUnits.Plus((row * plan.JoinRow) + (column * plan.JoinColumn))}) = v{(row % _block.LaneRows * RowRegisters) + (column / Radix)}.GetElement({row / _block.LaneRows});");
    }

    /// <summary>The words of column i of the eight columns that a register begins with, from one row in each lane.</summary>
    private string Gather(int register)
    {
        int column = register % RowRegisters * Radix, row = register / RowRegisters, left = _block.InColumns - column;
        if (left <= 0) return $"{Type}.Zero";
        IEnumerable<string> lanes = Enumerable.Range(0, _block.Lanes).Select(lane =>
            $"*(ulong*)({(left < Radix ? "xl" : "xi")}{PlaneUnits.Plus((Math.Min((lane * _block.LaneRows) + row, _block.InRows - 1) * plan.SliceRow) + (column * plan.SliceColumn))})");
        return $"{text.Class}.Create({string.Join(", ", lanes)})";
    }

    /// <summary>Three steps between eight registers, the first of which swaps fields of so many bits.</summary>
    private void Steps(int bits)
    {
        for (int apart = Radix / 2; apart > 0; apart /= 2, bits /= 2)
        {
            string mask = $"{text.Class}.Create(0x{Fields(bits):X}ul)";
            foreach (int register in Enumerable.Range(0, Radix).Where(r => (r & apart) == 0))
            {
                string a = $"v{register}", b = $"v{register + apart}", swap = $"swap{bits}_{register}";
                writer.Line($"{Type} {swap} = (({a} >> {bits}) ^ {b}) & {mask};");
                writer.Line($"{b} ^= {swap};");
                writer.Line($"{a} ^= {swap} << {bits};");
            }
        }
    }

    /// <summary>Every other field of so many bits.</summary>
    private static ulong Fields(int bits) => ulong.MaxValue / ((1ul << bits) + 1);

    private string Words(int vector) => text.Load("words" + PlaneUnits.Plus(vector * _block.VectorBytes));

    /// <summary>The bits of a lane that are pixels.</summary>
    private ulong Row() => ulong.MaxValue / (ulong.MaxValue >> (64 - _block.RowBits)) * ((1ul << _block.InColumns) - 1);

    /// <summary>A plane in which each pixel has the bit of one so far to its right, or of none beside the row.</summary>
    private string Moved(string plane, int pixels)
    {
        if (pixels == 0) return plane;
        if (Math.Abs(pixels) >= _block.RowBits) return $"{Type}.Zero";
        return $"({plane}.AsUInt{_block.RowBits}() {(pixels > 0 ? ">>" : "<<")} {Math.Abs(pixels)}).AsUInt64()";
    }
}
