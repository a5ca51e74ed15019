using System.Globalization;
using System.Text;

namespace CnnCodegen.Weights;

/// <summary>
/// Reads as much JSON as the header of a safetensors file may consist of: objects, arrays, strings and integers. The reader of the base class
/// library takes a quarter of the time to load a small network: it has to be compiled for these few lines.
/// </summary>
/// <param name="text">The header, UTF-8.</param>
internal ref struct HeaderText(ReadOnlySpan<byte> text)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>What comes next, for messages.</summary>
    /// <exception cref="FormatException">No value begins here.</exception>
    public string Kind() => Peek() switch
    {
        '{' => "an object",
        '[' => "an array",
        '"' => "a string",
        '-' or (>= '0' and <= '9') => "a number",
        't' or 'f' => "a truth value",
        'n' => "null",
        _ => throw Malformed("a value"),
    };

    /// <summary>Whether an object, an array or a string begins here.</summary>
    /// <param name="first">Its first character.</param>
    public bool Begins(char first) => Peek() == first;

    /// <summary>Moves into an object or array, to its next item or out of it.</summary>
    /// <param name="isFirst">Whether no item has been read; becomes false.</param>
    /// <param name="brackets">Those around it.</param>
    /// <returns>Whether there is another item.</returns>
    /// <exception cref="FormatException">Neither is there.</exception>
    public bool Next(ref bool isFirst, string brackets)
    {
        if (isFirst) Skip(brackets[0]);
        if (Peek() == brackets[1])
        {
            _at++;
            return false;
        }
        if (!isFirst) Skip(',');
        isFirst = false;
        return true;
    }

    /// <summary>The name of a property, and past its colon.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public string Name()
    {
        string name = String();
        Skip(':');
        return name;
    }

    /// <summary>A string without its escapes.</summary>
    /// <exception cref="FormatException">There is none, or it does not end.</exception>
    /// <exception cref="ArgumentException">It is not UTF-8, or escapes one half of a character.</exception>
    public string String()
    {
        Skip('"');
        StringBuilder? escaped = null;
        for (int begin = _at; _at < _text.Length && _text[_at] >= ' '; _at++)
        {
            if (_text[_at] is not ((byte)'"' or (byte)'\\')) continue;
            string run = Decoded(_text[begin.._at]);
            if (_text[_at++] == '"')
            {
                if (escaped is null) return run;
                string whole = escaped.Append(run).ToString();
                Strict.GetByteCount(whole);
                return whole;
            }
            (escaped ??= new StringBuilder()).Append(run).Append(Escaped());
            begin = _at--;
        }
        throw Malformed("the end of a string");
    }

    /// <summary>An integer; null if something else is here that is no such number.</summary>
    /// <exception cref="FormatException">It begins with a superfluous zero.</exception>
    public long? Integer()
    {
        Peek();
        int begin = _at;
        long value = 0;
        bool fits = true;
        for (; _at < _text.Length && char.IsAsciiDigit((char)_text[_at]); _at++)
        {
            int digit = _text[_at] - '0';
            fits &= value <= (long.MaxValue - digit) / 10;
            if (fits) value = (value * 10) + digit;
        }
        if (_at - begin > 1 && _text[begin] == '0') throw Malformed("a number without leading zeros");
        bool isInteger = _at > begin && _at < _text.Length && _text[_at] is not ((byte)'.' or (byte)'e' or (byte)'E');
        return isInteger && fits ? value : null;
    }

    /// <exception cref="FormatException">Something follows that is not white space.</exception>
    public void End()
    {
        if (Peek() != '\0' || _at < _text.Length) throw Malformed("nothing more");
    }

    /// <summary>Text without escapes. Names are mostly ASCII, and preparing a decoder takes the first load several milliseconds.</summary>
    private static string Decoded(ReadOnlySpan<byte> run)
    {
        char[] characters = new char[run.Length];
        for (int i = 0; i < run.Length; i++)
        {
            if (run[i] > sbyte.MaxValue) return Strict.GetString(run);
            characters[i] = (char)run[i];
        }
        return new string(characters);
    }

    /// <summary>The character behind a backslash, and past it.</summary>
    private char Escaped()
    {
        char character = _at < _text.Length ? (char)_text[_at++] : '\0';
        switch (character)
        {
            case '"' or '\\' or '/': return character;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
        }
        if (character != 'u' || _text.Length - _at < 4 || !ushort.TryParse(_text.Slice(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            throw Malformed("an escape sequence");
        _at += 4;
        return (char)code;
    }

    /// <summary>The next character that is not white space; 0 at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _at++;
        return _at < _text.Length ? (char)_text[_at] : '\0';
    }

    private void Skip(char expected)
    {
        if (Peek() != expected || _at == _text.Length) throw Malformed($"'{expected}'");
        _at++;
    }

    private readonly FormatException Malformed(string expected) => new($"expected {expected} at byte {_at}");
}
