using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the walk over a range of tiles: runs of tiles that lie side by side in one row of tiles of one grid of one image.</summary>
internal static class TileWalk
{
    /// <summary>Opens the loop; inside, <c>row</c> and <c>column</c> (and <c>image</c>, <c>gridRow</c> and <c>gridColumn</c>) are those of the run's first tile, and <c>count</c> is its length.</summary>
    public static void Write(WinogradPlan plan, SourceWriter writer, Action body)
    {
        using (writer.Open("for (int tile = first; tile < end;)"))
        {
            int grids = plan.Dilation * plan.Dilation;
            string row = $"tile / {plan.TileColumns}";
            if (plan.Images * grids > 1) row += $" % {plan.TileRows}";
            if (plan.Images > 1) writer.Line($"int image = tile / {grids * plan.TileRows * plan.TileColumns};");
            if (grids > 1)
            {
                writer.Line($"int grid = tile / {plan.TileRows * plan.TileColumns};");
                writer.Line($"int gridRow = grid / {plan.Dilation}{(plan.Images > 1 ? $" % {plan.Dilation}" : "")}, gridColumn = grid % {plan.Dilation};");
            }

            writer.Line($"int row = {row}, column = tile % {plan.TileColumns};");
            writer.Line($"int count = Math.Min({plan.TileColumns} - column, end - tile);");
            body();
            writer.Line("tile += count;");
        }
    }

    /// <summary>Where the run begins in a tensor.</summary>
    public static string At(WinogradPlan plan, string pointer, PlaneStrides strides, int step) =>
        pointer + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "")
        + (plan.Dilation > 1 ? $" + (gridRow * {strides.Row}) + (gridColumn * {strides.Column})" : "")
        + $" + (row * {step * strides.Every(plan.Dilation).Row}) + (column * {step * strides.Every(plan.Dilation).Column})";
}
