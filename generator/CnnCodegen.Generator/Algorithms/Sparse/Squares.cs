using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Pixels of a row four at a time, which are transposed, or shuffled, together; the last four overlap those before.</summary>
internal static class Squares
{
    /// <summary>Pixels, and channels, of a square.</summary>
    public const int Size = 4;

    /// <summary>Squares up to which they are written out.</summary>
    private const int MaxUnrolled = 4;

    /// <summary>Writes the work on each square of a row.</summary>
    /// <param name="writer">The kernel.</param>
    /// <param name="pixels">Pixels of the row, at least <see cref="Size"/>.</param>
    /// <param name="body">Gets the text to add to a pointer for the first pixel, so many bytes apart.</param>
    public static void Emit(SourceWriter writer, int pixels, Action<Func<int, string>> body)
    {
        if (pixels <= MaxUnrolled * Size)
        {
            for (int i = 0; i < pixels; i += Size)
            {
                int first = Math.Min(i, pixels - Size);
                body(step => PlaneUnits.Plus((long)first * step));
            }

            return;
        }

        using (writer.Open($"for (int i = 0; i < {pixels}; i += {Size})"))
        {
            if (pixels % Size != 0) writer.Line($"int pixel = Math.Min(i, {pixels - Size});");
            body(step => $" + ({(pixels % Size == 0 ? "i" : "pixel")} * {step})");
        }
    }
}
