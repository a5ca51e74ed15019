using System.Text;

namespace CnnCodegen.Generator.Emission;

/// <summary>
/// Writes C# with indentation and '\n'. Text is culture-invariant by two rules: a non-negative integer may be interpolated as it is
/// (no culture changes its digits), and everything else goes through <see cref="Literals"/>.
/// </summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line (or several, split at '\n') at the current indentation.</summary>
    public SourceWriter Line(string line)
    {
        foreach (string part in line.Split('\n'))
        {
            if (part.Length > 0) _text.Append(' ', _depth * 4).Append(part);
            _text.Append('\n');
        }

        return this;
    }

    public SourceWriter Blank()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>Writes a head and an opening brace; disposing writes the closing one.</summary>
    public Block Open(string head, string close = "}")
    {
        Line(head).Line("{");
        _depth++;
        return new Block(this, close);
    }

    /// <summary>Indents the lines until disposal.</summary>
    public Block Indent()
    {
        _depth++;
        return new Block(this, null);
    }

    /// <summary>A counting loop.</summary>
    public Block Loop(string variable, int count) =>
        Open($"for (int {variable} = 0; {variable} < {count}; {variable}++)");

    /// <summary>A counting loop, or for one iteration only its braces.</summary>
    public Block Repeat(string variable, int count)
    {
        if (count > 1) return Loop(variable, count);
        Line("{");
        _depth++;
        return new Block(this, "}");
    }

    public override string ToString() => _text.ToString();

    internal readonly struct Block(SourceWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (close is not null) writer.Line(close);
        }
    }
}
