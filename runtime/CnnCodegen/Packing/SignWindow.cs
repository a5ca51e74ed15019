namespace CnnCodegen.Execution;

/// <summary>The window of a layer of one bit.</summary>
/// <param name="outChannels">Filters.</param>
/// <param name="inChannels">Input channels; of a linear layer those of the image it reads.</param>
/// <param name="kernelRows">Height of the window.</param>
/// <param name="kernelColumns">Width of the window.</param>
/// <param name="rows">For each class of rows at the border the kernel rows [begin, end) inside the image.</param>
/// <param name="columns">The same for columns.</param>
public sealed class SignWindow(int outChannels, int inChannels, int kernelRows, int kernelColumns, int[] rows, int[] columns)
{
    internal int OutChannels => outChannels;

    internal int InChannels => inChannels;

    internal int KernelRows => kernelRows;

    internal int KernelColumns => kernelColumns;

    internal int Taps => kernelRows * kernelColumns;

    /// <summary>Weights of a filter.</summary>
    internal int FilterLength => inChannels * Taps;

    /// <summary>Words of a pixel.</summary>
    internal int Words => (inChannels + 63) / 64;

    internal int RowClasses => rows.Length / 2;

    internal int ColumnClasses => columns.Length / 2;

    internal int Classes => RowClasses * ColumnClasses;

    /// <summary>The sum where no sign differs: all weights that are used, less what the zeros outside the image of a class count.</summary>
    /// <param name="border">The class, those of columns running fastest.</param>
    /// <param name="used">Weights that are not 0.</param>
    /// <param name="sums">The sum of the signs of each tap.</param>
    internal int Most(int border, int used, ReadOnlySpan<int> sums)
    {
        int most = used;
        for (int tap = 0; tap < sums.Length; tap++)
            if (!IsInside(border / ColumnClasses, border % ColumnClasses, tap)) most += sums[tap];
        return most;
    }

    /// <summary>Whether a tap lies inside the image for the pixels of a class.</summary>
    private bool IsInside(int rowClass, int columnClass, int tap)
    {
        (int row, int column) = (tap / kernelColumns, tap % kernelColumns);
        return row >= rows[2 * rowClass] && row < rows[(2 * rowClass) + 1] && column >= columns[2 * columnClass] && column < columns[(2 * columnClass) + 1];
    }
}
