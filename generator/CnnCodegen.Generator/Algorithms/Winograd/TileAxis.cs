namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>The rows or columns of an image's outputs on the grids of its dilation, and on each of them in tiles.</summary>
/// <param name="Extent">Rows or columns of the image.</param>
/// <param name="Grids">Grids, each of every Grids-th row or column.</param>
/// <param name="Outputs">Those of a tile.</param>
internal readonly record struct TileAxis(int Extent, int Grids, int Outputs)
{
    /// <summary>Tiles of a grid.</summary>
    public int Count => (Extent + (Grids * Outputs) - 1) / (Grids * Outputs);

    /// <summary>So many grids, the first ones, have one row or column more than the others; 0 if all are equal.</summary>
    public int Longer => Extent % Grids;

    /// <summary>Outputs in the last tile of the first grid. There may be none in that of a grid that is not among the longer ones.</summary>
    public int Last => ((Extent + Grids - 1) / Grids) - ((Count - 1) * Outputs);

    /// <summary>All tiles have as many outputs.</summary>
    public bool IsEven => Longer == 0 && (Count == 1 || Last == Outputs);

    /// <summary>The different sizes of tiles, whole ones first.</summary>
    public IReadOnlyList<int> Sizes
    {
        get
        {
            int[] sizes = [Count > 1 ? Outputs : Last, Last, Longer > 0 ? Last - 1 : Last];
            return [.. sizes.Where(size => size > 0).Distinct()];
        }
    }
}
