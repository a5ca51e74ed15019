namespace CnnCodegen.Generator.Emission;

/// <summary>Values in units of the scale of a quantisation, and back; where a scale is 1 / levels, by levels, which a float holds and their reciprocal not.</summary>
internal static class ScaleText
{
    /// <param name="x">The value, a simple expression.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="levels">Its reciprocal, where that is a whole number; otherwise 0.</param>
    /// <param name="constant">Makes a vector of a literal; null for single floats.</param>
    public static string ToUnits(string x, float scale, int levels, Func<string, string>? constant = null) =>
        levels > 0 ? $"{x} * {Constant(levels, constant)}" : $"{x} / {Constant(scale, constant)}";

    /// <inheritdoc cref="ToUnits"/>
    public static string FromUnits(string x, float scale, int levels, Func<string, string>? constant = null) =>
        levels > 0 ? $"{x} / {Constant(levels, constant)}" : $"{x} * {Constant(scale, constant)}";

    private static string Constant(float value, Func<string, string>? constant) => constant is null ? Literals.Float(value) : constant(Literals.Float(value));
}
