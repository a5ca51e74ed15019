using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the register tiles of products of words by one kind of dot product: a few rows by a few vectors of output channels.</summary>
internal sealed class WordTileEmitter(WordTile tile, WordDot dot, SourceWriter writer)
{
    private readonly string _sums = tile.Lanes == 8 ? "Vector256<int>" : "Vector128<int>";

    /// <summary>Writes the method for register tiles of so many rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="what">What a row is, in the plural.</param>
    public void Emit(int rows, string what)
    {
        writer.Line($"/// <summary>Register tiles of {rows} {what} by {tile.Vectors * tile.Lanes} output channels: the sums over all input channels{(tile.Prefetches ? "; brings weights closer" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {dot.Name}{rows}(byte* v, byte* u, {(tile.Adds ? "byte* from, " : "")}byte* m, int count{(tile.PhaseBytes > 0 ? ", int phases" : "")}{(tile.Prefetches ? ", ref byte* next" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int piece = 0; piece < count; piece++)"))
        {
            foreach ((string sum, int offset) in Sums(rows)) writer.Line($"{_sums} {sum} = {(tile.Adds ? $"*({_sums}*)(from + {offset})" : $"{_sums}.Zero")};");
            if (tile.PhaseBytes == 0)
            {
                writer.Line("byte* x = v, w = u;");
                EmitSteps(rows);
            }
            else
            {
                writer.Line("byte* w = u;");
                using (writer.Open("for (int phase = 0; phase < phases; phase++)"))
                {
                    writer.Line($"byte* x = v + (phase * {tile.PhaseBytes});");
                    EmitSteps(rows);
                }
            }

            foreach ((string sum, int offset) in Sums(rows)) writer.Line($"*({_sums}*)(m + {offset}) = {sum};");
            writer.Line($"v += {rows * tile.RowBytes};");
            if (tile.Adds) writer.Line($"from += {rows * tile.SumBytes};");
            writer.Line($"m += {rows * tile.SumBytes};");
        }
    }

    /// <summary>The loop over the channels.</summary>
    private void EmitSteps(int rows)
    {
        using (writer.Repeat("step", tile.Channels / tile.Step))
        {
            if (tile.Prefetches)
            {
                for (int line = 0; line < tile.PrefetchLines; line++) writer.Line(new Dialect(tile.Isa).Prefetch($"next + {line * 64}")!);
                writer.Line($"next += {tile.PrefetchLines * 64};");
            }

            EmitDots(rows);
            writer.Line($"x += {tile.RowBytes / tile.Channels * tile.Step};");
            writer.Line($"w += {tile.WeightStep * tile.Step};");
        }
    }

    /// <summary>The dot products of the channels of a step.</summary>
    private void EmitDots(int rows)
    {
        for (int channel = 0; channel < tile.Step; channel += dot.Channels)
        {
            for (int vector = 0; vector < tile.Vectors; vector++)
                writer.Line($"{dot.Type} w{channel}_{vector} = {dot.Weights($"w + {(channel * tile.WeightStep) + (vector * dot.Channels * tile.WeightStep / tile.Vectors)}")};");
            for (int row = 0; row < rows; row++)
            {
                string inputs = dot.Inputs($"x + {(row * tile.RowBytes) + (channel * tile.RowBytes / tile.Channels)}");
                if (tile.Vectors > 1)
                {
                    writer.Line($"{dot.Type} x{channel}_{row} = {inputs};");
                    inputs = $"x{channel}_{row}";
                }

                (string, string)[] sums = [.. Enumerable.Range(0, tile.Vectors).Select(vector => ($"a{row}_{vector}", $"w{channel}_{vector}"))];
                DotText.Write(writer, sums, inputs, $"p{channel}_{row}", _sums, dot.Product, dot.MultiplyAdd);
            }
        }
    }

    private IEnumerable<(string Name, int Offset)> Sums(int rows) =>
        from row in Enumerable.Range(0, rows)
        from vector in Enumerable.Range(0, tile.Vectors)
        select ($"a{row}_{vector}", (row * tile.SumBytes) + (vector * tile.VectorBytes));
}
