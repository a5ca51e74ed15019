using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes the way over a band of an <see cref="Int8Plan"/>: tiles of output channels, rows of tiles of pixels.</summary>
internal sealed class Int8BandEmitter(Int8Plan plan, Tiling tiling, SourceWriter writer)
{
    private bool IsRange => tiling.Bands.Count > 1;

    private string First => IsRange ? "first" : "0";

    private string End => IsRange ? "last" : $"{tiling.Bands.Size}";

    public void Emit()
    {
        writer.Line($"/// <summary>The tiles [begin, end) of output channels over {(IsRange ? "the tiles [first, last)" : "the whole plane")}.</summary>");
        string residual = plan.Residual is null ? "" : "byte* residual, ";
        using (writer.Open($"private static void Band{tiling.Dot.Name}(byte* x, byte* weights, {residual}byte* y, int begin, int end{(IsRange ? ", int first, int last" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int channels = begin; channels < end; channels++)"))
        {
            bool odd = plan.OutVectors % tiling.Vectors != 0;
            if (odd) writer.Line("// The last tile computes some channels a second time.");
            string vector = tiling.Vectors == 1 ? "channels" : odd ? $"Math.Min(channels * {tiling.Vectors}, {plan.OutVectors - tiling.Vectors})" : $"channels * {tiling.Vectors}";
            writer.Line($"int vector = {vector};");
            writer.Line($"byte* table = weights + (vector * {plan.VectorBytes});");
            writer.Line($"byte* w = weights + {3 * plan.TableBytes} + (vector * {plan.VectorWeights}L);");
            if (plan.Prefetches(tiling)) writer.Line($"byte* next = w + {tiling.Vectors * plan.VectorWeights};");
            if (plan.Groups > 1) writer.Line($"byte* xg = x + (vector / {plan.OutVectors / plan.Groups} * {plan.GroupBytes * tiling.Dot.CodeBytes});");
            for (int v = 0; v < tiling.Vectors; v++)
            {
                string index = v == 0 ? "vector" : $"(vector + {v})";
                writer.Line($"byte* y{v} = y + {plan.Output.VectorOffset(index, plan.Lanes)};");
                if (plan.Residual is { } r) writer.Line($"byte* r{v} = residual + {r.VectorOffset(index, plan.Lanes)};");
            }

            if (plan.HalfTail) writer.Line($"bool half = vector == {plan.OutVectors - tiling.Vectors};");
            if (tiling.BandsOfRows) EmitRows();
            else EmitRow();
        }
    }

    private void EmitRows()
    {
        using (writer.Open($"for (int tile = {First}; tile < {End}; tile++)"))
        {
            writer.Line($"int row = {Int8Emitter.Start(tiling.Rows, "tile")};");
            if (tiling.Rows.Large == tiling.Rows.Count)
            {
                Row(tiling.Rows.Size);
                return;
            }

            using (writer.Open($"if (tile < {tiling.Rows.Large})")) Row(tiling.Rows.Size);
            using (writer.Open("else")) Row(tiling.Rows.Size - 1);
        }

        void Row(int rows) => EmitWholeRow(rows, "row");
    }

    private void EmitWholeRow(int rows, string? row)
    {
        int column = 0;
        foreach ((int size, int count) in tiling.Columns.Pieces)
        {
            EmitCall(rows, size, row, column == 0 ? null : $"{column}", $"{count}");
            column += size * count;
        }
    }

    /// <summary>The tiles of the only row: those of the larger size come first.</summary>
    private void EmitRow()
    {
        (int size, int large, int rows) = (tiling.Columns.Size, tiling.Columns.Large, tiling.Rows.Size);
        if (!IsRange)
        {
            EmitWholeRow(rows, null);
            return;
        }

        if (large == tiling.Columns.Count)
        {
            EmitCall(rows, size, null, $"(first * {size})", "last - first");
            return;
        }

        using (writer.Open($"if (first < {large})")) EmitCall(rows, size, null, $"(first * {size})", $"Math.Min(last, {large}) - first");
        using (writer.Open($"if (last > {large})"))
        {
            writer.Line($"int start = Math.Max(first, {large});");
            EmitCall(rows, size - 1, null, $"((start * {size - 1}) + {large})", "last - start");
        }
    }

    private void EmitCall(int rows, int columns, string? row, string? column, string tiles)
    {
        string at(string pointer, PlaneStrides strides, int times) => pointer
            + (row is null ? "" : $" + ({row} * {strides.Row * times})") + (column is null ? "" : $" + ({column} * {strides.Column * times})");
        List<string> arguments = [at(plan.Groups > 1 ? "xg" : "x", plan.Input, tiling.Dot.CodeBytes), "w", "table"];
        if (plan.Prefetches(tiling)) arguments.Add("ref next");
        for (int v = 0; v < tiling.Vectors; v++)
        {
            if (plan.Residual is { } r) arguments.Add(at($"r{v}", r.Strides, 1));
            arguments.Add(at($"y{v}", plan.Output.Strides, 1));
        }

        arguments.Add(tiles);
        if (plan.HalfTail) arguments.Add("half");
        writer.Line($"{tiling.Dot.Name}{PixelTile.Rectangle(rows, columns).Name}({string.Join(", ", arguments)});");
    }
}
