using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>
/// How one axis of the plane is transformed. An axis in one piece is a circular convolution that starts at the first pixel: the zeros of the
/// padding are those between the pixels and the transform's end. An axis in several pieces overlaps them (overlap-save): each one
/// reads the pixels of all its outputs' windows.
/// </summary>
/// <param name="Size">Points of the transform.</param>
/// <param name="Tiles">The outputs of each piece.</param>
/// <param name="Read">Pixels that a piece reads; the other points are zero.</param>
/// <param name="Lead">Pixels that a piece reads before the pixel with the number of its first output.</param>
/// <param name="Shift">Where the first tap of a filter stands, before the point 0.</param>
internal readonly record struct FourierAxis(int Size, Cut Tiles, int Read, int Lead, int Shift)
{
    /// <summary>The axis in pieces for a transform of <paramref name="size"/> points; null if that is too few.</summary>
    public static FourierAxis? Of(WindowAxis window, int input, int output, int size)
    {
        if (size >= input + Math.Max(window.PadBegin, (output + window.Extent - 1) - input - window.PadBegin))
            return new FourierAxis(size, new Cut(output, 1, 1), input, 0, window.PadBegin);
        if (size < window.Extent + 1) return null;
        Cut tiles = Cut.Evenly(output, size - window.Extent + 1);
        return tiles.Count == 1 ? null : new FourierAxis(size, tiles, tiles.Size + window.Extent - 1, window.PadBegin, 0);
    }

    /// <summary>Pixels of zeros that must follow the input's <paramref name="input"/> pixels.</summary>
    public int BorderBehind(int input)
    {
        int lastTile = Tiles.Large == Tiles.Count ? Tiles.Size : Tiles.Size - 1;
        int last = (Tiles.Count == Tiles.Large ? Tiles.Count * Tiles.Size : (Tiles.Count * (Tiles.Size - 1)) + Tiles.Large) - lastTile;
        return Math.Max(0, last - Lead + Read - input);
    }
}
