using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>
/// The input of one channel that a tile of outputs reads, as it is copied next to that of other channels: for each run of columns all
/// rows, so that no vector that a tap reads lies across two cache lines.
/// </summary>
/// <param name="Rows">The rows; those of a run lie one after the other.</param>
/// <param name="Columns">The columns; each run has rows of its own.</param>
/// <param name="RowBytes">From a row to the next.</param>
/// <param name="MissingRows">Rows of each run that there is room for but that no output reads.</param>
/// <param name="MissingColumns">Columns of each run that there is room for but that no output reads.</param>
internal sealed record Patch(PatchAxis Rows, PatchAxis Columns, int RowBytes, int MissingRows, int MissingColumns)
{
    /// <summary>Floats of a cache line.</summary>
    private const int LineFloats = 16;

    /// <summary>Bytes of one run of columns.</summary>
    public int CopyBytes => Rows.Count * RowBytes;

    /// <summary>Bytes of a channel.</summary>
    public int ChannelBytes => Columns.Runs.Count * CopyBytes;

    /// <summary>Where each tap finds the input of the tile's first output, in bytes.</summary>
    public EquatableArray<int> TapOffsets => (
        from row in Rows.Taps
        from column in Columns.Taps
        select (column.Run * CopyBytes) + ((Rows.Start(row.Run) + row.Shift) * RowBytes) + (column.Shift * sizeof(float))).ToEquatableArray();

    /// <summary>The rows of the input as they lie, for a stride of 1: nothing is copied.</summary>
    /// <param name="window">Rows and columns of the kernel.</param>
    /// <param name="tile">The outputs.</param>
    /// <param name="rowBytes">From an input row to the next.</param>
    /// <param name="outW">Columns of the output.</param>
    public static Patch InPlace(PlaneWindow window, PixelTile tile, int rowBytes, int outW) => new(
        PatchAxis.Shared(window.Rows, tile.Rows), PatchAxis.Shared(window.Columns, tile.Columns), rowBytes, 0, Math.Max(0, tile.Columns - outW));

    /// <summary>
    /// Taps share columns where a row with all their shifts is a part of a cache line that no vector leaves; otherwise each has its own.
    /// </summary>
    public static Patch Of(PlaneWindow window, PixelTile tile, int outH, int outW)
    {
        PatchAxis rows = PatchAxis.Shared(window.Rows, tile.Rows), columns = PatchAxis.Shared(window.Columns, tile.Columns);
        int floats = 1;
        while (floats < tile.Columns + columns.MaxShift) floats *= 2;
        bool shares = tile is { RowVectors: 1, VectorRows: 1 } && floats <= LineFloats;
        return new Patch(
            rows, shares ? columns : PatchAxis.Separate(window.Columns, tile.Columns), (shares ? floats : tile.Columns) * sizeof(float),
            Math.Max(0, tile.Rows - outH), Math.Max(0, tile.Columns - outW));
    }
}
