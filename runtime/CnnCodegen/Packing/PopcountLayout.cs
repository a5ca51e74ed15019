namespace CnnCodegen.Execution;

/// <summary>How the weights of a layer of one bit lie for the kernel that counts bits.</summary>
/// <param name="outChannels">Filters.</param>
/// <param name="inChannels">Input channels; of a linear layer those of the image it reads.</param>
/// <param name="kernelRows">Height of the window.</param>
/// <param name="kernelColumns">Width of the window.</param>
/// <param name="lanes">Words of 64 bits in a vector.</param>
/// <param name="vectors">Vectors of output channels.</param>
/// <param name="rows">For each class of rows at the border the kernel rows [begin, end) inside the image.</param>
/// <param name="columns">The same for columns.</param>
/// <param name="thresholds">The results are binarised; otherwise they are scaled.</param>
/// <param name="ternary">Weights may be 0.</param>
public sealed class PopcountLayout(
    int outChannels, int inChannels, int kernelRows, int kernelColumns, int lanes, int vectors, int[] rows, int[] columns, bool thresholds, bool ternary)
{
    /// <summary>Channels that one unit of the kernel computes.</summary>
    internal const int GroupChannels = 64;

    internal int OutChannels => outChannels;

    internal int InChannels => inChannels;

    internal int KernelRows => kernelRows;

    internal int KernelColumns => kernelColumns;

    internal int Taps => kernelRows * kernelColumns;

    internal int Lanes => lanes;

    internal int Vectors => vectors;

    internal bool Thresholds => thresholds;

    internal bool Ternary => ternary;

    /// <summary>Words of a pixel.</summary>
    internal int Words => (inChannels + 63) / 64;

    internal int Groups => (outChannels + GroupChannels - 1) / GroupChannels;

    internal int RowClasses => rows.Length / 2;

    internal int ColumnClasses => columns.Length / 2;

    internal int Classes => RowClasses * ColumnClasses;

    /// <summary>Whether a tap lies inside the image for the pixels of a class.</summary>
    internal bool IsInside(int rowClass, int columnClass, int tap)
    {
        (int row, int column) = (tap / kernelColumns, tap % kernelColumns);
        return row >= rows[2 * rowClass] && row < rows[(2 * rowClass) + 1] && column >= columns[2 * columnClass] && column < columns[(2 * columnClass) + 1];
    }
}
