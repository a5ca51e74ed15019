using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>
/// Writes the addition of planes of bits to counters, whose plane <c>count[i]</c> holds digit i: a full adder turns three planes of one weight into one
/// of that weight and one of twice the weight. Variables are used again: the compiler keeps track of a limited number.
/// </summary>
internal sealed class PlaneAdder(BitText text, SourceWriter writer, int digits)
{
    private readonly List<string>[] _waiting = [.. Enumerable.Range(0, digits).Select(digit => new List<string> { Count(digit) })];
    private readonly Stack<string> _free = new();
    private int _names;

    /// <summary>The plane of a digit; that of the last is where a count overflows.</summary>
    public static string Count(int digit) => $"count{digit}";

    /// <summary>Adds a plane to a digit.</summary>
    public void Add(int digit, string value) => Push(digit, Declare(value));

    /// <summary>Leaves one plane for each digit, its counter.</summary>
    public void Settle()
    {
        for (int digit = 0; digit < digits; digit++)
        {
            List<string> waiting = _waiting[digit];
            if (waiting.Count == 2)
            {
                string sum = Declare($"{waiting[0]} ^ {waiting[1]}"), carry = Declare($"{waiting[0]} & {waiting[1]}");
                Keep(waiting, sum);
                Push(digit + 1, carry);
            }

            if (waiting[0] == Count(digit)) continue;
            writer.Line($"{Count(digit)} = {waiting[0]};");
            Keep(waiting, Count(digit));
        }
    }

    private void Push(int digit, string value)
    {
        if (digit == digits)
        {
            writer.Line($"{Count(digit)} ^= {value};");
            _free.Push(value);
            return;
        }

        // What waits longest is the sum so far: all but one operation of the adder can be done before it arrives.
        List<string> waiting = _waiting[digit];
        waiting.Add(value);
        if (waiting.Count < 3) return;
        string differ = Declare($"{waiting[2]} ^ {waiting[1]}");
        string carry = Declare(text.Carry(differ, waiting[2], waiting[0])), sum = Declare($"{differ} ^ {waiting[0]}");
        Keep(waiting, sum);
        Free(differ);
        Push(digit + 1, carry);
    }

    private string Declare(string value)
    {
        bool used = _free.Count > 0;
        string name = used ? _free.Pop() : $"v{_names++}";
        writer.Line($"{(used ? "" : $"{text.Type} ")}{name} = {value};");
        return name;
    }

    private void Keep(List<string> waiting, string value)
    {
        foreach (string name in waiting) Free(name);
        waiting.Clear();
        waiting.Add(value);
    }

    private void Free(string name)
    {
        if (!name.StartsWith("count", StringComparison.Ordinal)) _free.Push(name);
    }
}
