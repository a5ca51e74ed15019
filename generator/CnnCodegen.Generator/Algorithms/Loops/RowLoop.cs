using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>Writes a loop over contiguous elements, first by whole vectors, then one by one; <c>i</c> is the element.</summary>
internal static class RowLoop
{
    public static void Emit(SourceWriter writer, Width width, int count, Action<Width> body)
    {
        int whole = count / width.Lanes * width.Lanes;
        using (writer.Open($"for (int i = 0; i < {whole}; i{(width.Lanes == 1 ? "++" : $" += {width.Lanes}")})")) body(width);
        if (whole == count) return;
        using (writer.Open($"for (int i = {whole}; i < {count}; i++)")) body(Width.Scalar);
    }

    /// <summary>Over the elements [first, end), known when the kernel runs.</summary>
    public static void Emit(SourceWriter writer, Width width, string first, string end, Action<Width> body)
    {
        if (width.Lanes == 1)
        {
            using (writer.Open($"for (int i = {first}; i < {end}; i++)")) body(width);
            return;
        }

        writer.Line($"int i = {first};");
        using (writer.Open($"for (; i <= {end} - {width.Lanes}; i += {width.Lanes})")) body(width);
        using (writer.Open($"for (; i < {end}; i++)")) body(Width.Scalar);
    }
}
