using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>The pixels that are computed together: rows of an image as one vector of bits, each row in the same bits of it.</summary>
/// <param name="VectorBytes">Bytes of a vector.</param>
/// <param name="RowBytes">Bytes of a row: 2, 4 or 8, whichever holds its pixels, of the input and of the output.</param>
/// <param name="Rows">Rows of the output.</param>
/// <param name="Columns">Pixels of such a row.</param>
/// <param name="InRows">Rows of the input that windows reach.</param>
/// <param name="InColumns">Pixels of such a row; what lies beside them is 0.</param>
internal sealed record SlicedBlock(int VectorBytes, int RowBytes, int Rows, int Columns, int InRows, int InColumns)
{
    /// <summary>Pixels of a row that fits a lane.</summary>
    public const int MaxColumns = 64;

    /// <summary>Bytes of the lanes of a transposition.</summary>
    public const int LaneBytes = sizeof(ulong);

    /// <summary>The block of a convolution of stride 1.</summary>
    public static SlicedBlock Of(PlaneWindow window, TensorView x, TensorView y, Isa isa)
    {
        int vector = isa.Lanes() * sizeof(float), columns = Math.Max(x.W, y.W);
        int bytes = columns <= 16 ? 2 : columns <= 32 ? 4 : LaneBytes, rows = Math.Min(vector / bytes, y.H);
        return new SlicedBlock(vector, bytes, rows, y.W, rows + window.Rows.Extent - 1, x.W);
    }

    public int Lanes => VectorBytes / LaneBytes;

    /// <summary>Rows of a lane.</summary>
    public int LaneRows => LaneBytes / RowBytes;

    /// <summary>Rows that a vector has room for.</summary>
    public int VectorRows => VectorBytes / RowBytes;

    /// <summary>Vectors that cover the rows of the input; the last overlaps the one before it.</summary>
    public int Parts => (InRows + VectorRows - 1) / VectorRows;

    /// <summary>Rows from the first part to the last.</summary>
    public int LastPart => Math.Max(0, InRows - VectorRows);

    /// <summary>Bytes of a plane: one bit of each pixel of the input.</summary>
    public int PlaneBytes => (Math.Max(VectorBytes, InRows * RowBytes) + LaneBytes - 1) / LaneBytes * LaneBytes;

    /// <summary>The widest row.</summary>
    public int Width => Math.Max(InColumns, Columns);

    /// <summary>Bits of a row.</summary>
    public int RowBits => RowBytes * 8;

    /// <summary>Where the rows of a block begin in an image that is cut into so many; the last block overlaps the one before it.</summary>
    public int Start(int block, int height) => Math.Min(block * Rows, height - Rows);
}
