namespace CnnCodegen.Execution;

/// <summary>How the weights of a layer of one bit lie for the kernel that adds planes of bits.</summary>
/// <param name="vectorBytes">Bytes of a vector: one bit of each pixel of a block.</param>
/// <param name="rowBytes">Bytes of a row of pixels.</param>
/// <param name="planeBytes">Bytes from a plane to the next.</param>
/// <param name="rows">For each kind of block the border classes of its rows.</param>
/// <param name="columns">The border classes of the pixels of a row.</param>
/// <param name="kinds">Kinds of blocks.</param>
public sealed class SlicedLayout(int vectorBytes, int rowBytes, int planeBytes, int[] rows, int[] columns, int kinds)
{
    /// <summary>Input channels of a word.</summary>
    internal const int WordChannels = 64;

    /// <summary>Signs that are summed together: three triples.</summary>
    internal const int Nine = 9;

    /// <summary>Planes that a filter selects of those of nine signs: the carries of the triples and of their sums, and the sum of all.</summary>
    internal const int Items = 5;

    /// <summary>Planes of nine signs: eight carries of each triple, of which there is one of sums, and the sum of all and its complement.</summary>
    private const int SumPlanes = 34, TriplePlanes = 8;

    internal int VectorBytes => vectorBytes;

    internal int Kinds => kinds;

    /// <summary>Nines of signs in a row of the window and a word.</summary>
    internal static int Nines(SignWindow window) => ((Math.Min(window.InChannels, WordChannels) * window.KernelColumns) + Nine - 1) / Nine;

    /// <summary>The pixels of a kind of block: for each its bit in a plane and its border class.</summary>
    internal IEnumerable<(int Bit, int Border)> Pixels(SignWindow window, int kind)
    {
        int height = rows.Length / kinds;
        for (int row = 0; row < height; row++)
            for (int column = 0; column < columns.Length; column++)
                yield return ((row * rowBytes * 8) + column, (rows[(kind * height) + row] * window.ColumnClasses) + columns[column]);
    }

    /// <summary>Where the planes lie that add up nine signs.</summary>
    /// <param name="nine">Which nine.</param>
    /// <param name="complemented">For each sign whether it is complemented.</param>
    /// <param name="entries">Receives the distances in bytes.</param>
    internal void Select(int nine, ReadOnlySpan<bool> complemented, Span<ushort> entries)
    {
        Span<bool> sums = stackalloc bool[3];
        for (int triple = 0; triple < 3; triple++) entries[triple] = Plane(nine, (triple * TriplePlanes) + Pattern(complemented.Slice(3 * triple, 3), out sums[triple]));
        entries[3] = Plane(nine, (3 * TriplePlanes) + Pattern(sums, out bool sum));
        entries[4] = Plane(nine, (4 * TriplePlanes) + (sum ? 1 : 0));
    }

    /// <summary>The index of a triple's carry; the sum of the triple is complemented where an odd number of its signs are.</summary>
    private static int Pattern(ReadOnlySpan<bool> signs, out bool sum)
    {
        sum = signs[0] ^ signs[1] ^ signs[2];
        return (signs[0] ? 4 : 0) + (signs[1] ? 2 : 0) + (signs[2] ? 1 : 0);
    }

    private ushort Plane(int nine, int plane) => checked((ushort)(((nine * SumPlanes) + plane) * planeBytes));
}
