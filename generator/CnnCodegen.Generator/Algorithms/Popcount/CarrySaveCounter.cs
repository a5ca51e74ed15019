using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>
/// Writes the count of the set bits of many vectors, word by word (Mula, Kurz and Lemire 2018, "Faster Population Counts Using AVX2 Instructions"):
/// adders turn three vectors of one weight into one of that weight and one of twice the weight, up to a level; the bits that are left are looked up.
/// </summary>
internal sealed class CarrySaveCounter(BitText text, SourceWriter writer, string prefix)
{
    /// <summary>Vectors up to which the weighted counts of the bytes fit a byte.</summary>
    private const int MaxOneSum = 31;

    private readonly List<string>[] _waiting = [.. Enumerable.Range(0, text.Levels + 1).Select(_ => new List<string>())];
    private readonly bool[] _counted = new bool[text.Levels + 1];
    private int _names;
    private int _vectors;

    /// <summary>Vectors up to which no byte overflows.</summary>
    public const int MaxVectors = 2 * MaxOneSum;

    /// <summary>Adds a vector.</summary>
    public void Add(string value)
    {
        _vectors++;
        Push(0, Declare(value));
    }

    /// <summary>The sum for each word, when all vectors are added.</summary>
    public string Total()
    {
        for (int level = 0; level < text.Levels; level++)
        {
            List<string> left = _waiting[level];
            if (left.Count == 2)
            {
                string sum = Declare($"{left[0]} ^ {left[1]}");
                Push(level + 1, Declare($"{left[0]} & {left[1]}"));
                Count(level, sum);
            }
            else if (left.Count == 1)
            {
                Count(level, left[0]);
            }
        }

        // Twice the rest, from the highest weight down.
        string? rest = null;
        for (int level = text.Levels; level > 0; level--)
        {
            if (rest is not null) writer.Line($"{rest} += {rest};");
            if (!_counted[level]) continue;
            if (rest is null) rest = Bytes(level);
            else writer.Line($"{rest} += {Bytes(level)};");
        }

        if (rest is null) return text.SumBytes(Bytes(0));
        if (!_counted[0]) return $"({text.SumBytes(rest)} << 1)";
        return _vectors <= MaxOneSum ? text.SumBytes($"{Bytes(0)} + {rest} + {rest}") : $"{text.SumBytes(Bytes(0))} + ({text.SumBytes(rest)} << 1)";
    }

    private void Push(int level, string value)
    {
        if (level == text.Levels)
        {
            Count(level, value);
            return;
        }

        List<string> waiting = _waiting[level];
        waiting.Add(value);
        if (waiting.Count < 3) return;
        string differ = Declare($"{waiting[0]} ^ {waiting[1]}");
        string carry = Declare(text.Carry(differ, waiting[0], waiting[2]));
        string sum = Declare($"{differ} ^ {waiting[2]}");
        waiting.Clear();
        waiting.Add(sum);
        Push(level + 1, carry);
    }

    private void Count(int level, string value)
    {
        writer.Line($"{(_counted[level] ? $"{Bytes(level)} +=" : $"{text.Class}<byte> {Bytes(level)} =")} {text.Count(value)};");
        _counted[level] = true;
    }

    private string Declare(string value)
    {
        string name = $"{prefix}v{_names++}";
        writer.Line($"{text.Type} {name} = {value};");
        return name;
    }

    private string Bytes(int level) => $"{prefix}n{level}";
}
