using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the walk over a range of tiles: runs of tiles that lie side by side in one row of tiles of one image.</summary>
internal static class TileWalk
{
    /// <summary>Opens the loop; inside, <c>row</c> and <c>column</c> (and <c>image</c>) are those of the run's first tile, and <c>count</c> is its length.</summary>
    public static void Write(TilePlan plan, SourceWriter writer, Action body)
    {
        using (writer.Open("for (int tile = first; tile < end;)"))
        {
            string row = $"tile / {plan.TileColumns}";
            if (plan.Images > 1)
            {
                writer.Line($"int image = tile / {plan.TileRows * plan.TileColumns};");
                row += $" % {plan.TileRows}";
            }

            writer.Line($"int row = {row}, column = tile % {plan.TileColumns};");
            writer.Line($"int count = Math.Min({plan.TileColumns} - column, end - tile);");
            body();
            writer.Line("tile += count;");
        }
    }

    /// <summary>
    /// Writes the calls for a run whose last row or column of tiles may be smaller than the others: inside, <c>whole</c> is the number of its
    /// tiles of all columns where there are smaller ones.
    /// </summary>
    /// <param name="plan">The tiles.</param>
    /// <param name="writer">Receives the text.</param>
    /// <param name="call">The call for tiles of so many rows and columns, behind as many others (null: none), and how many there are.</param>
    public static void WriteEdges(TilePlan plan, SourceWriter writer, Func<int, int, string?, string, string> call)
    {
        IReadOnlyList<int> rows = Sizes(plan, plan.Height), columns = Sizes(plan, plan.Width);
        if (rows.Count == 1)
        {
            WriteColumns(rows[0]);
            return;
        }

        using (writer.Open($"if (row < {plan.TileRows - 1})")) WriteColumns(rows[0]);
        using (writer.Open("else")) WriteColumns(rows[1]);

        void WriteColumns(int height)
        {
            if (columns.Count == 1)
            {
                writer.Line(call(height, columns[0], null, "count"));
                return;
            }

            writer.Line($"int whole = Math.Min(count, {plan.TileColumns - 1} - column);");
            writer.Line(call(height, columns[0], null, "whole"));
            writer.Line($"if (whole < count) {call(height, columns[1], "whole", "1")}");
        }
    }

    /// <summary>The rows and columns of outputs that tiles have, whole ones first.</summary>
    public static IEnumerable<(int Rows, int Columns)> Sizes(TilePlan plan) =>
        from rows in Sizes(plan, plan.Height)
        from columns in Sizes(plan, plan.Width)
        select (rows, columns);

    /// <summary>Where the run begins in a tensor.</summary>
    public static string At(TilePlan plan, string pointer, PlaneStrides strides, int step) =>
        pointer + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "") + $" + (row * {step * strides.Row}) + (column * {step * strides.Column})";

    /// <summary>The sizes of the tiles along an axis, whole ones first.</summary>
    private static IReadOnlyList<int> Sizes(TilePlan plan, int extent)
    {
        int last = extent % plan.Outputs;
        return last == 0 ? [plan.Outputs] : extent < plan.Outputs ? [last] : [plan.Outputs, last];
    }
}
