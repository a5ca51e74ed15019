using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>
/// The words of a window: <paramref name="Words"/> words that lie together, <paramref name="Columns"/> times a distance apart,
/// <paramref name="Rows"/> times. Distances in bytes.
/// </summary>
internal sealed record Reduction(int Rows, int RowBytes, int Columns, int ColumnBytes, int Words)
{
    public int Total => Rows * Columns * Words;

    /// <param name="window">The window.</param>
    /// <param name="x">What it moves over.</param>
    /// <param name="groups">Groups of channels, of whole words each, of which a filter sees one.</param>
    public static Reduction Of(PlaneWindow window, TensorView x, int groups)
    {
        (WindowAxis rows, WindowAxis columns) = window;
        return new Reduction(rows.Kernel, rows.Dilation * x.RowBytes, columns.Kernel, columns.Dilation * x.PixelBytes, x.PixelBytes / groups / sizeof(ulong)).Joined(sizeof(ulong));
    }

    /// <summary>The same where what lies together is one run.</summary>
    /// <param name="wordBytes">Bytes of a word where it is read.</param>
    public Reduction Joined(int wordBytes)
    {
        Reduction taps = this;
        if (taps.Columns > 1 && taps.ColumnBytes == taps.Words * wordBytes) taps = taps with { Columns = 1, Words = taps.Columns * taps.Words };
        if (taps is { Columns: 1, Rows: > 1 } && taps.RowBytes == taps.Words * wordBytes) taps = taps with { Rows = 1, Words = taps.Rows * taps.Words };
        return taps;
    }
}
