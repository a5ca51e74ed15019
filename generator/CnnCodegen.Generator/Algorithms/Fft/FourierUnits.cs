using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Writes the loop over units, each of which is one tile of one channel block, and where the unit lies.</summary>
internal static class FourierUnits
{
    public static void Emit(SourceWriter writer, FourierPlanes planes, Action body)
    {
        (FourierGrid grid, int blocks) = (planes.Grid, planes.Blocks);
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: one tile of one channel block{(grid.Images > 1 ? " of one image" : "")}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            int columns = grid.Columns.Tiles.Count, rows = grid.Rows.Tiles.Count;
            if (columns > 1) writer.Line($"int tileColumn = unit % {columns};");
            if (rows > 1) writer.Line($"int tileRow = {PlaneUnits.Over("unit", columns)} % {rows};");
            if (blocks > 1) writer.Line($"int block = {PlaneUnits.Over("unit", rows * columns)}{(grid.Images > 1 ? $" % {blocks}" : "")};");
            if (grid.Images > 1) writer.Line($"int image = {PlaneUnits.Over("unit", rows * columns * blocks)};");
            body();
        }
    }

    /// <summary>The address of the unit's tile in a plane.</summary>
    public static string At(string pointer, FourierPlanes planes, PlaneStrides plane)
    {
        FourierGrid grid = planes.Grid;
        return pointer + PlaneUnits.Plus(plane.Origin)
            + Step(grid.Images > 1, "image", $"{plane.Image}L") + Step(planes.Blocks > 1, "block", $"{plane.Block}L")
            + Step(grid.Rows.Tiles.Count > 1, Start("tileRow", grid.Rows.Tiles), $"{plane.Row}L")
            + Step(grid.Columns.Tiles.Count > 1, Start("tileColumn", grid.Columns.Tiles), $"{plane.Column}L");
    }

    /// <summary>The address of the unit's tile in the spectra.</summary>
    public static string InSpectra(string pointer, FourierPlanes planes)
    {
        FourierGrid grid = planes.Grid;
        return pointer
            + Step(planes.Blocks > 1, "block", $"{grid.BlockBytes}L")
            + Step(grid.Images > 1, "image", $"{grid.TilesPerPlane * grid.ComplexBytes}")
            + Step(grid.Rows.Tiles.Count > 1, "tileRow", $"{grid.Columns.Tiles.Count * grid.ComplexBytes}")
            + Step(grid.Columns.Tiles.Count > 1, "tileColumn", $"{grid.ComplexBytes}");
    }

    /// <summary>How many outputs the unit's tile has along an axis.</summary>
    public static string Extent(string tile, Cut tiles) => tiles.Large == tiles.Count ? $"{tiles.Size}" : $"{tile} < {tiles.Large} ? {tiles.Size} : {tiles.Size - 1}";

    private static string Start(string tile, Cut tiles) => tiles.Large == tiles.Count ? tiles.Start(tile) : $"({tiles.Start(tile)})";

    private static string Step(bool needed, string index, string bytes) => needed ? $" + ({index} * {bytes})" : "";
}
