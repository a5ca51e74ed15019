using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the way over a band of a <see cref="DirectPlan"/>: the register tiles one after the other, in one pass over the input channels.</summary>
internal sealed class DirectBandEmitter(DirectPlan plan, SourceWriter writer)
{
    private readonly RegisterTile _register = plan.Register;

    /// <summary>The band is a range of steps, from first to end.</summary>
    private bool IsRange => plan.Bands.Count > 1;

    private string First => IsRange ? "first" : "0";

    private string End => IsRange ? "end" : $"{_register.Steps}";

    public void Emit()
    {
        if (plan.Prefetches) writer.Line($"byte* next = w + {plan.PassWeightBytes};");
        if (_register.Wraps) EmitRuns();
        else if (_register.Rows.Count > 1) EmitRows();
        else if (IsRange) EmitPartOfRow();
        else EmitRow(_register.Rows.Size, null);
    }

    /// <summary>A step is a row of tiles.</summary>
    private void EmitRows()
    {
        using (writer.Open($"for (int tile = {First}; tile < {End}; tile++)"))
        {
            writer.Line($"int row = {Start(_register.Rows, "tile")};");
            EmitByPiece(_register.Rows, size => EmitRow(size, "row"));
        }
    }

    /// <summary>The calls for one row of tiles.</summary>
    private void EmitRow(int rows, string? row)
    {
        int column = 0;
        foreach ((int columns, int count) in _register.Columns.Pieces)
        {
            EmitCall(PixelTile.Rectangle(rows, columns), row, column == 0 ? null : $"{column}", count > 1 ? $"{count}" : null);
            column += columns * count;
        }
    }

    /// <summary>The plane is one row, a step a tile of it: those of the larger size come first.</summary>
    private void EmitPartOfRow()
    {
        (int size, int large) = (_register.Columns.Size, _register.Columns.Large);
        int rows = _register.Rows.Size;
        if (large == _register.Columns.Count)
        {
            EmitCall(PixelTile.Rectangle(rows, size), null, $"(first * {size})", "end - first");
            return;
        }

        using (writer.Open($"if (first < {large})"))
            EmitCall(PixelTile.Rectangle(rows, size), null, $"(first * {size})", $"Math.Min(end, {large}) - first");
        using (writer.Open($"if (end > {large})"))
        {
            writer.Line($"int start = Math.Max(first, {large});");
            EmitCall(PixelTile.Rectangle(rows, size - 1), null, $"((start * {size - 1}) + {large})", "end - start");
        }
    }

    /// <summary>A step is a run of pixels; each place where a run goes on in the next row has a tile of its own.</summary>
    private void EmitRuns()
    {
        using (writer.Open($"for (int tile = {First}; tile < {End}; tile++)"))
        {
            writer.Line($"int pixel = {Start(_register.Columns, "tile")};");
            writer.Line($"int row = pixel / {_register.Width}, column = pixel % {_register.Width};");
            EmitByPiece(_register.Columns, size =>
            {
                IReadOnlyList<PixelTile> tiles = _register.Runs(size);
                if (tiles.Count == 1)
                {
                    EmitCall(tiles[0], "row", "column", null);
                    return;
                }

                using (writer.Open($"switch ({_register.Width} - column)"))
                {
                    foreach (PixelTile tile in tiles)
                    {
                        writer.Line(tile.Left < size ? $"case {tile.Left}:" : "default:");
                        using (writer.Indent())
                        {
                            EmitCall(tile, "row", "column", null);
                            writer.Line("break;");
                        }
                    }
                }
            });
        }
    }

    private void EmitByPiece(Cut cut, Action<int> emit)
    {
        if (cut.Large == cut.Count)
        {
            emit(cut.Size);
            return;
        }

        using (writer.Open($"if (tile < {cut.Large})")) emit(cut.Size);
        using (writer.Open("else")) emit(cut.Size - 1);
    }

    /// <summary>Calls the method of a tile, or of <paramref name="tiles"/> of them in a row.</summary>
    private void EmitCall(PixelTile tile, string? row, string? column, string? tiles)
    {
        string at(string pointer, PlaneStrides strides) => pointer
            + (row is null ? "" : $" + ({row} * {strides.Row})") + (column is null ? "" : $" + ({column} * {strides.Column})");
        List<string> arguments = [at("x", plan.Input)];
        if (plan.IsChained) arguments.Add("distance");
        arguments.Add("w");
        if (plan.Prefetches) arguments.Add("ref next");
        arguments.Add("bias");
        if (plan.Residual is { } r) arguments.Add(at("residual", r));
        arguments.Add(at("y", plan.Output));
        if (tiles is not null) arguments.Add(tiles);
        if (tile.IsAcross) arguments.Add($"{_register.Width} - column");
        if (plan.PartialStore) arguments.Add("channels");
        if (plan.BlocksVary) arguments.Add("blocks");
        if (plan.ManyPasses) arguments.Add("pass");
        writer.Line($"Tile{tile.Name}({string.Join(", ", arguments)});");
    }

    /// <summary>Where a piece of a cut starts.</summary>
    private static string Start(Cut cut, string piece) =>
        cut.Size == 1 ? piece : cut.Large == cut.Count ? $"{piece} * {cut.Size}" : $"({piece} * {cut.Size}) - Math.Max(0, {piece} - {cut.Large})";
}
