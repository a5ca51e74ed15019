using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>Writes the loop nest of a <see cref="PopcountPlan"/>: units, rows, pixels, vectors of output channels, words.</summary>
internal sealed class PopcountEmitter(PopcountPlan plan, SourceWriter writer)
{
    /// <summary>Words of a window up to which all are written out.</summary>
    private const int MaxUnrolledWords = 80;

    private readonly BitText _bits = new(plan.Isa);
    private readonly Dialect _floats = new(plan.Isa);

    private int PaddedChannels => plan.Vectors * plan.Lanes;

    /// <summary>The last unit has fewer channels than the others.</summary>
    private bool ChannelsVary => plan.Planes.Blocks > 1 && PaddedChannels % PopcountPlan.GroupChannels != 0;

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "64 output channels", "rows", EmitUnit);
        writer.Blank();
        EmitRows();
    }

    private void EmitUnit()
    {
        PlaneUnits planes = plan.Planes;
        string block(long bytes) => planes.Blocks > 1 ? $" + (block * {bytes}L)" : "";
        string group = plan.Groups > 1 ? $" + ({PlaneUnits.Over("block", planes.Blocks / plan.Groups)} * {plan.Reduction.Words * sizeof(ulong)})" : "";
        writer.Line($"byte* x = {planes.At("operands.Input", plan.Input)}{group};");
        writer.Line($"byte* table = operands.Weights{PlaneUnits.Plus(plan.TableOffset)}{block((long)plan.Classes * PopcountPlan.ClassBytes)};");
        writer.Line($"byte* w = operands.Weights + {plan.WeightOffset}{block((long)PopcountPlan.GroupChannels / plan.Lanes * plan.FilterBytes)};");
        writer.Line($"byte* y = {planes.At("operands.Output", plan.Output)};");
        if (!plan.Bits) writer.Line($"byte* scale = operands.Weights{block(PopcountPlan.GroupChannels * sizeof(float))};");
        if (plan.Residual is not null) writer.Line($"byte* residual = {planes.At("operands.Second", plan.Residual)};");
        writer.Line($"Rows(x, table, w, y{(plan.Bits ? "" : ", scale")}{(plan.Residual is null ? "" : ", residual")}{(ChannelsVary ? $", Math.Min({PopcountPlan.GroupChannels}, {PaddedChannels} - (block * {PopcountPlan.GroupChannels}))" : "")}, {planes.First}, {planes.End});");
    }

    private void EmitRows()
    {
        string channels = ChannelsVary ? "channels" : $"{Math.Min(PopcountPlan.GroupChannels, PaddedChannels)}";
        writer.Line("/// <summary>The output rows [first, end) of 64 channels, or of those that are left.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Rows(byte* x, byte* table, byte* w, byte* y{(plan.Bits ? "" : ", byte* scale")}{(plan.Residual is null ? "" : ", byte* residual")}{(ChannelsVary ? ", int channels" : "")}, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            foreach (string constant in _bits.Constants) writer.Line(constant);
            using (writer.Open("for (int row = first; row < end; row++)"))
            {
                writer.Line($"byte* xp = x + (row * {plan.Input.Row}L);");
                writer.Line($"byte* yp = y + (row * {plan.Output.Row}L);");
                if (plan.Residual is { } r) writer.Line($"byte* rp = residual + (row * {r.Row}L);");
                if (plan.Rows.Count > 1) writer.Line($"int rowClass = {plan.Rows.Index("row")};");
                using (writer.Loop("column", plan.OutW))
                {
                    EmitPixel(channels);
                    writer.Line($"xp += {plan.Input.Column};");
                    writer.Line($"yp += {plan.Output.Column};");
                    if (plan.Residual is { } residual) writer.Line($"rp += {residual.Column};");
                }
            }
        }
    }

    private void EmitPixel(string channels)
    {
        string index = plan.Columns.Count > 1 ? $"({plan.Columns.Index("column")})" : "";
        if (plan.Rows.Count > 1) index = index.Length == 0 ? "rowClass" : $"((rowClass * {plan.Columns.Count}) + {index})";
        writer.Line($"byte* t = table{(index.Length == 0 ? "" : $" + ({index} * {PopcountPlan.ClassBytes})")};");
        writer.Line("byte* wv = w;");
        if (plan.Bits) EmitBits(channels);
        else EmitFloats(channels);
    }

    /// <summary>The sign of a count minus its threshold is the bit.</summary>
    private void EmitBits(string channels)
    {
        writer.Line("ulong word = 0;");
        using (writer.Open($"for (int channel = 0; channel < {channels}; channel += {plan.Lanes})"))
        {
            writer.Line($"{_bits.Type} sum = {_bits.Load("t")};");
            EmitSum("sum", "wv", "");
            writer.Line($"word |= (ulong){_bits.Class}.ExtractMostSignificantBits(sum) << channel;");
            writer.Line($"t += {plan.VectorBytes};");
            writer.Line($"wv += {plan.FilterBytes};");
        }

        writer.Line("*(ulong*)yp = word;");
    }

    /// <summary>Two vectors of counts make one of floats.</summary>
    private void EmitFloats(string channels)
    {
        writer.Line("byte* yv = yp;").Line("byte* sv = scale;");
        if (plan.Residual is not null) writer.Line("byte* rv = rp;");
        using (writer.Open($"for (int channel = 0; channel < {channels}; channel += {2 * plan.Lanes})"))
        {
            for (int half = 0; half < 2; half++)
            {
                writer.Line($"{_bits.Type} sum{half} = {_bits.Type}.Zero;");
                if (half == 1) writer.Line($"byte* wh = wv + {plan.FilterBytes};");
                EmitSum($"sum{half}", half == 0 ? "wv" : "wh", $"h{half}");
                writer.Line($"sum{half} = {_bits.Load("t" + PlaneUnits.Plus(half * plan.VectorBytes))} - (sum{half} + sum{half});");
            }

            string whole = $"{_bits.Class}.ConvertToSingle({_bits.Class}.Narrow(sum0.AsInt64(), sum1.AsInt64()))";
            writer.Line($"{_floats.Type} a = {_floats.MultiplyAdd(whole, _floats.Load("sv"), _floats.Load($"sv + {plan.ScaleBytes}"))};");
            if (plan.Residual is not null) writer.Line($"a += {_floats.Load("rv")};");
            if (plan.Activation is { } activation) writer.Line($"a = {_floats.Activate(activation, "a")};");
            writer.Line(_floats.Store("yv", "a"));
            writer.Line($"t += {2 * plan.VectorBytes};");
            writer.Line($"wv += {2 * plan.FilterBytes};");
            writer.Line($"sv += {2 * plan.Lanes * sizeof(float)};");
            writer.Line($"yv += {plan.OutputBlock};");
            if (plan.Residual is not null) writer.Line($"rv += {plan.ResidualBlock};");
        }
    }

    /// <summary>Adds the differing bits of a window to a vector of counts.</summary>
    private void EmitSum(string sum, string weights, string prefix)
    {
        Reduction taps = plan.Reduction;
        if (taps.Total <= MaxUnrolledWords)
        {
            int[] offsets = [.. from row in Enumerable.Range(0, taps.Rows)
                                from column in Enumerable.Range(0, taps.Columns)
                                from word in Enumerable.Range(0, taps.Words)
                                select (row * taps.RowBytes) + (column * taps.ColumnBytes) + (word * sizeof(ulong))];
            EmitWords(sum, "xp", weights, prefix, offsets);
            return;
        }

        writer.Line($"byte* {prefix}xr = xp;").Line($"byte* {prefix}wr = {weights};");
        using (writer.Repeat($"{prefix}kh", taps.Rows))
        {
            writer.Line($"byte* {prefix}xc = {prefix}xr;");
            using (writer.Repeat($"{prefix}kw", taps.Columns))
            {
                writer.Line($"byte* {prefix}xs = {prefix}xc;");
                foreach ((int size, int count) in Cut.Evenly(taps.Words, MaxUnrolledWords).Pieces)
                {
                    using (writer.Repeat($"{prefix}step", count))
                    {
                        EmitWords(sum, $"{prefix}xs", $"{prefix}wr", prefix, [.. Enumerable.Range(0, size).Select(word => word * sizeof(ulong))]);
                        writer.Line($"{prefix}xs += {size * sizeof(ulong)};");
                        writer.Line($"{prefix}wr += {size * plan.FilterBytes / taps.Total};");
                    }
                }

                writer.Line($"{prefix}xc += {taps.ColumnBytes};");
            }

            writer.Line($"{prefix}xr += {taps.RowBytes};");
        }
    }

    /// <summary>Words at given distances, with the weights one behind the other.</summary>
    private void EmitWords(string sum, string x, string w, string prefix, int[] offsets)
    {
        int word = 0, step = plan.FilterBytes / plan.Reduction.Total;
        foreach ((int size, int count) in Cut.Evenly(offsets.Length, CarrySaveCounter.MaxVectors).Pieces)
        {
            for (int i = 0; i < count; i++)
            {
                using (writer.Repeat("", 1))
                {
                    CarrySaveCounter counter = new(_bits, writer, prefix, _bits.Levels(plan.Reduction.Total));
                    for (int end = word + size; word < end; word++)
                    {
                        string differ = $"{_bits.Broadcast(x + PlaneUnits.Plus(offsets[word]))} ^ {_bits.Load(w + PlaneUnits.Plus(word * step))}";
                        counter.Add(plan.Ternary ? $"({differ}) & {_bits.Load(w + PlaneUnits.Plus((word * step) + plan.VectorBytes))}" : differ);
                    }

                    writer.Line($"{sum} += {counter.Total()};");
                }
            }
        }
    }
}
