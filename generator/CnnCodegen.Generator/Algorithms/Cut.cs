namespace CnnCodegen.Generator.Algorithms;

/// <summary>Extents along one axis cut into pieces of at most two neighbouring sizes: <see cref="Large"/> of Size, then Count - Large of Size - 1.</summary>
internal readonly record struct Cut(int Size, int Count, int Large)
{
    /// <summary>Cuts <paramref name="extent"/> into the fewest pieces of at most <paramref name="limit"/>, as even as can be.</summary>
    public static Cut Evenly(int extent, int limit) => Into(extent, CeilingOver(extent, limit));

    /// <summary>Cuts <paramref name="extent"/> into so many pieces, as even as can be.</summary>
    public static Cut Into(int extent, int count)
    {
        int size = CeilingOver(extent, count);
        return new Cut(size, count, extent - (count * (size - 1)));
    }

    /// <summary>The fewest times that <paramref name="divisor"/> covers <paramref name="number"/>.</summary>
    public static int CeilingOver(int number, int divisor) => (number + divisor - 1) / divisor;

    /// <summary>What is cut.</summary>
    public int Extent => (Size * Count) - (Count - Large);

    /// <summary>The text of where a piece begins.</summary>
    /// <param name="piece">The text of its index, a name or in parentheses.</param>
    public string Start(string piece) => Large == Count ? $"{piece} * {Size}" : $"({piece} * {Size}) - Math.Max(0, {piece} - {Large})";

    /// <summary>The pieces as (size, how many), at most two.</summary>
    public IEnumerable<(int Size, int Count)> Pieces
    {
        get
        {
            yield return (Size, Large);
            if (Count > Large) yield return (Size - 1, Count - Large);
        }
    }
}
