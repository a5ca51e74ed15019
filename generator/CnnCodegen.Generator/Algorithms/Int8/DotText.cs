using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes dot products of one vector of inputs with the weights of several vectors of sums.</summary>
internal static class DotText
{
    /// <param name="writer">Receives the text.</param>
    /// <param name="sums">The sums and the weights of each.</param>
    /// <param name="inputs">The inputs; a local where there are several sums.</param>
    /// <param name="product">What the locals of products are called.</param>
    /// <param name="type">Their type.</param>
    /// <param name="multiply">The products of inputs and weights; null where <paramref name="multiplyAdd"/> is one instruction.</param>
    /// <param name="multiplyAdd">The sums with such products.</param>
    public static void Write(
        SourceWriter writer, IReadOnlyList<(string Sum, string Weights)> sums, string inputs, string product, string type,
        Func<string, string, string?> multiply, Func<string, string, string, string> multiplyAdd)
    {
        if (sums.Count == 1 || multiply(inputs, sums[0].Weights) is null)
        {
            foreach ((string sum, string weights) in sums) writer.Line($"{sum} = {multiplyAdd(sum, inputs, weights)};");
            return;
        }

        // All products before the additions: these may issue where only products can, and in this order they take such a place less often.
        writer.Line($"{type} {string.Join(", ", sums.Select((s, i) => $"{product}_{i} = {multiply(inputs, s.Weights)}"))};");
        for (int i = 0; i < sums.Count; i++) writer.Line($"{sums[i].Sum} += {product}_{i};");
    }
}
