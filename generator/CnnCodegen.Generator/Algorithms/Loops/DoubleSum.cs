using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>Writes a sum over contiguous floats in double precision.</summary>
internal static class DoubleSum
{
    /// <summary>Declares the variable <paramref name="name"/> with the sum of the terms of <paramref name="count"/> floats at <paramref name="pointer"/>.</summary>
    /// <param name="writer">The kernel.</param>
    /// <param name="width">The vectors to read.</param>
    /// <param name="count">How many floats.</param>
    /// <param name="name">The variable.</param>
    /// <param name="pointer">The first float, as a <c>byte*</c>.</param>
    /// <param name="term">The term of an element, a double or a vector of them, and how to broadcast a double beside it.</param>
    public static void Emit(SourceWriter writer, Width width, int count, string name, string pointer, Func<string, Func<string, string>, string> term)
    {
        int whole = width.Lanes == 1 ? 0 : count / width.Lanes * width.Lanes;
        if (whole > 0)
        {
            string doubles = $"{width.Class}<double>";
            writer.Line($"{doubles} {name}Low = {doubles}.Zero, {name}High = {doubles}.Zero;");
            using (writer.Open($"for (int k = 0; k < {whole}; k += {width.Lanes})"))
            {
                writer.Line($"{width.Type} v = {width.Load($"{pointer} + (k * 4)")};");
                writer.Line($"{doubles} low = {width.Class}.WidenLower(v), high = {width.Class}.WidenUpper(v);");
                writer.Line($"{name}Low += {term("low", width.Broadcast)};");
                writer.Line($"{name}High += {term("high", width.Broadcast)};");
            }
        }

        writer.Line($"double {name} = {(whole > 0 ? $"{width.Class}.Sum({name}Low + {name}High)" : "0")};");
        if (whole == count) return;
        using (writer.Open($"for (int k = {whole}; k < {count}; k++)"))
        {
            writer.Line($"double v = {Dialect.Float($"{pointer} + (k * 4)")};");
            writer.Line($"{name} += {term("v", scalar => scalar)};");
        }
    }
}
