using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>
/// The output pixels whose sums for one channel are in registers at once: rows of some vectors, or where rows are shorter than half a vector,
/// vectors of some rows.
/// </summary>
/// <param name="Lanes">Pixels of a vector.</param>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="RowVectors">Vectors of a row; 1 where a vector holds several rows.</param>
/// <param name="VectorRows">Rows of a vector.</param>
internal sealed record PixelTile(int Lanes, int Rows, int RowVectors, int VectorRows)
{
    /// <summary>Sums beside the weight and a spare register, where there are 16; more would leave room for fewer input channels in the cache.</summary>
    public const int MaxSums = 14;

    /// <summary>Vectors of sums.</summary>
    public int Sums => Rows * RowVectors / VectorRows;

    /// <summary>Pixels of a row, which may be more than the plane has.</summary>
    public int Columns => RowVectors * Lanes / VectorRows;

    /// <summary>As many rows of one vector as registers allow; of a plane with fewer rows, longer ones.</summary>
    public static PixelTile Choose(Isa isa, int outH, int outW, int maxSums)
    {
        int lanes = isa.Lanes(), vectorRows = 1;
        while (outH > vectorRows && outW * vectorRows * 2 <= lanes) vectorRows *= 2;
        int rows = Cut.Evenly((outH + vectorRows - 1) / vectorRows, maxSums).Size;
        int rowVectors = vectorRows > 1 ? 1 : Cut.Evenly((outW + lanes - 1) / lanes, maxSums / rows).Size;
        return new PixelTile(lanes, rows * vectorRows, rowVectors, vectorRows);
    }

    public string Describe() => VectorRows > 1 ? $"{Sums} vectors of {VectorRows} rows" : $"{Rows} x {RowVectors} vectors of pixels";
}
