using System.Globalization;
using System.Text;

namespace CnnCodegen.Weights;

/// <summary>
/// Reads as much JSON as the header of a safetensors file may consist of: objects, arrays, strings and integers, token by token. The reader of the base
/// class library takes a quarter of the time to load a small network: it has to be compiled for these few lines. So has this one, which is why it
/// has few methods, and those for what is rare stand apart.
/// </summary>
/// <param name="text">The header, UTF-8.</param>
/// <param name="length">Its bytes.</param>
internal unsafe ref struct HeaderText(byte* text, int length)
{
    /// <summary>The token behind the last one, which no byte is.</summary>
    public const char End = '\uffff';

    private readonly byte* _text = text;
    private readonly int _length = length;
    private readonly char[] _characters = new char[128];
    private int _at;

    // Fields: each property would be one more method to compile.

    /// <summary>The first character of the token; <see cref="End"/> behind the last, '0' for an integer, '.' for another number that begins with a digit.</summary>
    public char Token;

    /// <summary>The token, a string, without its escapes.</summary>
    public string Text = "";

    /// <summary>The token, an integer.</summary>
    public long Integer;

    /// <summary>Reads a token.</summary>
    /// <exception cref="FormatException">A string does not end, or a number begins with a superfluous zero.</exception>
    /// <exception cref="ArgumentException">A string is not UTF-8, or escapes one half of a character.</exception>
    public void Read()
    {
        char token = End;
        while (_at < _length && (token = (char)_text[_at]) is ' ' or '\t' or '\n' or '\r') _at++;
        if (_at == _length) token = End;
        else if (token == '"') ReadString();
        else if (token is >= '0' and <= '9') token = ReadNumber();
        else _at++;
        Token = token;
    }

    /// <summary>Moves into an object or array, to the first token of its next item, or out of it.</summary>
    /// <param name="isFirst">Whether no item has been read; becomes false.</param>
    /// <param name="end">The bracket behind it.</param>
    /// <returns>Whether there is another item.</returns>
    /// <exception cref="FormatException">Neither is there.</exception>
    public bool Next(ref bool isFirst, char end)
    {
        Read();
        if (Token == end) return false;
        if (!isFirst)
        {
            Require(',');
            Read();
        }
        isFirst = false;
        return true;
    }

    /// <summary>Moves into an object, to the value of its next property, or out of it.</summary>
    /// <param name="isFirst">Whether no property has been read; becomes false.</param>
    /// <returns>The property's name; null at the end of the object.</returns>
    /// <exception cref="FormatException">Neither is there.</exception>
    public string? NextName(ref bool isFirst)
    {
        if (!Next(ref isFirst, '}')) return null;
        Require('"');
        string name = Text;
        Read();
        Require(':');
        Read();
        return name;
    }

    /// <exception cref="FormatException">Something else is there.</exception>
    public readonly void Require(char expected)
    {
        if (Token != expected) throw Malformed(expected == End ? "nothing more" : $"'{expected}'");
    }

    /// <summary>What the token begins, for messages.</summary>
    /// <exception cref="FormatException">No value begins here.</exception>
    public readonly string Kind() => Token switch
    {
        '{' => "an object",
        '[' => "an array",
        '"' => "a string",
        '-' or '0' or '.' => "a number",
        't' or 'f' => "a truth value",
        'n' => "null",
        _ => throw Malformed("a value"),
    };

    /// <summary>A string behind its opening quotation mark. Names are short and ASCII, and preparing a decoder takes the first load several milliseconds.</summary>
    private void ReadString()
    {
        int begin = ++_at, count = 0;
        while (_at < _length && count < _characters.Length && _text[_at] is >= (byte)' ' and <= (byte)sbyte.MaxValue and not ((byte)'"' or (byte)'\\'))
            _characters[count++] = (char)_text[_at++];
        Text = _at < _length && _text[_at] == '"' ? new string(_characters, 0, count) : Decoded(begin);
        _at++;
    }

    /// <summary>Any string, up to its closing quotation mark.</summary>
    private string Decoded(int begin)
    {
        UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        StringBuilder text = new();
        for (_at = begin; _at < _length && _text[_at] >= ' '; _at++)
        {
            if (_text[_at] is not ((byte)'"' or (byte)'\\')) continue;
            text.Append(strict.GetString(_text + begin, _at - begin));
            if (_text[_at] == '"')
            {
                string whole = text.ToString();
                strict.GetByteCount(whole);
                return whole;
            }
            text.Append(Escaped());
            begin = _at + 1;
        }
        throw Malformed("the end of a string");
    }

    /// <summary>The character that an escape sequence stands for; ends at its last byte.</summary>
    private char Escaped()
    {
        char character = ++_at < _length ? (char)_text[_at] : '\0';
        switch (character)
        {
            case '"' or '\\' or '/': return character;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
        }
        ReadOnlySpan<byte> digits = new(_text + _at + 1, Math.Clamp(_length - _at - 1, 0, 4));
        if (character != 'u' || digits.Length < 4 || digits.Contains((byte)0) || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            throw Malformed("an escape sequence");
        _at += 4;
        return (char)code;
    }

    /// <summary>A number from its first digit on: an integer, or '.' if it is none or does not fit; what follows its digits is left.</summary>
    private char ReadNumber()
    {
        int begin = _at;
        bool fits = true;
        for (Integer = 0; _at < _length && _text[_at] is >= (byte)'0' and <= (byte)'9'; _at++)
        {
            int digit = _text[_at] - '0';
            fits &= Integer <= (long.MaxValue - digit) / 10;
            if (fits) Integer = (Integer * 10) + digit;
        }
        if (_at - begin > 1 && _text[begin] == '0') throw Malformed("a number without leading zeros");
        bool isInteger = _at < _length && _text[_at] is not ((byte)'.' or (byte)'e' or (byte)'E');
        return isInteger && fits ? '0' : '.';
    }

    private readonly FormatException Malformed(string expected) => new($"expected {expected} before byte {_at}");
}
