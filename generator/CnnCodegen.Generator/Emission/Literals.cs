using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Generator.Emission;

/// <summary>C# literals, independent of culture.</summary>
internal static class Literals
{
    /// <summary>A float literal that reads back to the same bits.</summary>
    public static string Float(float value)
    {
        if (float.IsNaN(value)) return "float.NaN";
        if (float.IsPositiveInfinity(value)) return "float.PositiveInfinity";
        if (float.IsNegativeInfinity(value)) return "float.NegativeInfinity";
        string digits = value.ToString("G9", CultureInfo.InvariantCulture);
        string shorter = value.ToString("G7", CultureInfo.InvariantCulture);
        if (float.Parse(shorter, CultureInfo.InvariantCulture).Equals(value)) digits = shorter;
        return (value == 0 && 1 / value < 0 ? "-0" : digits) + "f";
    }

    /// <summary>Reads back to the same double.</summary>
    public static string Double(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A C# string literal.</summary>
    public static string String(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>A string literal, or <c>null</c>.</summary>
    public static string StringOrNull(string? value) => value is null ? "null" : String(value);

    /// <summary>An integer that may be negative (some cultures have a minus sign of their own).</summary>
    public static string Int(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Comma-separated integers.</summary>
    public static string Ints(IEnumerable<int> values) => string.Join(", ", values.Select(v => Int(v)));

    /// <summary>An identifier for a layer's name: other characters become underscores, a keyword gets an @.</summary>
    public static string Identifier(string name)
    {
        char[] chars = name.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_').ToArray();
        string text = new(chars);
        if (text.Length == 0 || char.IsDigit(text[0])) text = "_" + text;
        return SyntaxFacts.GetKeywordKind(text) != SyntaxKind.None ? "@" + text : text;
    }

    /// <summary>A type's or namespace's name as C# spells it: a part that is a keyword, if only in places, gets an @.</summary>
    public static string Name(string name) => string.Join(".", name.Split('.').Select(part =>
        SyntaxFacts.GetKeywordKind(part) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(part) != SyntaxKind.None ? "@" + part : part));
}
