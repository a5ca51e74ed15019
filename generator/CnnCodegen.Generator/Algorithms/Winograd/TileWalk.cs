using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the walk over a range of tiles: runs of tiles that lie side by side in one row of tiles of one grid of one image.</summary>
internal static class TileWalk
{
    /// <summary>Opens the loop; inside, <c>row</c> and <c>column</c> (and <c>image</c>, <c>gridRow</c> and <c>gridColumn</c>) are those of the run's first tile, and <c>count</c> is its length.</summary>
    public static void Write(TilePlan plan, SourceWriter writer, Action body)
    {
        using (writer.Open("for (int tile = first; tile < end;)"))
        {
            int grids = plan.Dilation * plan.Dilation;
            string row = $"tile / {plan.Columns.Count}";
            if (plan.Images * grids > 1) row += $" % {plan.Rows.Count}";
            if (plan.Images > 1) writer.Line($"int image = tile / {grids * plan.Rows.Count * plan.Columns.Count};");
            if (grids > 1)
            {
                writer.Line($"int grid = tile / {plan.Rows.Count * plan.Columns.Count};");
                writer.Line($"int gridRow = grid / {plan.Dilation}{(plan.Images > 1 ? $" % {plan.Dilation}" : "")}, gridColumn = grid % {plan.Dilation};");
            }

            writer.Line($"int row = {row}, column = tile % {plan.Columns.Count};");
            writer.Line($"int count = Math.Min({plan.Columns.Count} - column, end - tile);");
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
        (TileAxis rows, TileAxis columns) = (plan.Rows, plan.Columns);
        if (rows.IsEven)
        {
            WriteColumns(rows.Last);
            return;
        }

        if (rows.Count > 1)
            using (writer.Open($"if (row < {rows.Count - 1})")) WriteColumns(plan.Outputs);
        if (rows.Longer == 0)
        {
            using (writer.Open("else")) WriteColumns(rows.Last);
            return;
        }

        using (writer.Open($"{(rows.Count > 1 ? "else " : "")}if (gridRow < {rows.Longer})")) WriteColumns(rows.Last);
        if (rows.Last > 1)
            using (writer.Open("else")) WriteColumns(rows.Last - 1);

        void WriteColumns(int height)
        {
            if (columns.IsEven)
            {
                writer.Line(call(height, columns.Last, null, "count"));
                return;
            }

            string? others = columns.Count > 1 ? "whole" : null;
            string left = others is null ? "" : "whole < count";
            if (others is not null)
            {
                writer.Line($"int whole = Math.Min(count, {columns.Count - 1} - column);");
                writer.Line(call(height, plan.Outputs, null, "whole"));
            }

            if (columns.Longer == 0)
            {
                writer.Line($"if ({left}) {call(height, columns.Last, others, "1")}");
                return;
            }

            string and = others is null ? "" : " && ";
            writer.Line($"if ({left}{and}gridColumn < {columns.Longer}) {call(height, columns.Last, others, "1")}");
            if (columns.Last > 1) writer.Line($"if ({left}{and}gridColumn >= {columns.Longer}) {call(height, columns.Last - 1, others, "1")}");
        }
    }

    /// <summary>The rows and columns of outputs that tiles have, whole ones first.</summary>
    public static IEnumerable<(int Rows, int Columns)> Sizes(TilePlan plan) =>
        from rows in plan.Rows.Sizes
        from columns in plan.Columns.Sizes
        select (rows, columns);

    /// <summary>Where the run begins in a tensor.</summary>
    public static string At(TilePlan plan, string pointer, PlaneStrides strides, int step) =>
        pointer + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "")
        + (plan.Dilation > 1 ? $" + (gridRow * {strides.Row}) + (gridColumn * {strides.Column})" : "")
        + $" + (row * {step * strides.Every(plan.Dilation).Row}) + (column * {step * strides.Every(plan.Dilation).Column})";
}
