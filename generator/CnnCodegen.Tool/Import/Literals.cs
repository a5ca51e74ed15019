using System.Globalization;

namespace CnnCodegen.Tool.Import;

/// <summary>C# literals of attribute arguments, the same in every culture.</summary>
internal static class Literals
{
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads back to the same float.</summary>
    public static string Number(float value) => value switch
    {
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        float.MaxValue => "float.MaxValue",
        float.MinValue => "float.MinValue",
        0 when float.IsNegative(value) => "-0f",
        _ when value == MathF.Truncate(value) && MathF.Abs(value) < 1 << 20 => ((int)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant() + "f",
    };

    /// <summary>Reads back to the same double.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    public static string Flag(bool value) => value ? "true" : "false";

    public static string Array(IEnumerable<int> values) => $"[{List(values)}]";

    public static string Array(IEnumerable<float> values) => $"[{string.Join(", ", values.Select(Number))}]";

    public static string List(IEnumerable<int> values) => string.Join(", ", values.Select(Number));

    public static string Text(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    public static string Xml(string value) => value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace('\n', ' ').Replace('\r', ' ');
}
