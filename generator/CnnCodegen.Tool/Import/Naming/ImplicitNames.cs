namespace CnnCodegen.Tool.Import.Naming;

/// <summary>The names that the attribute reader gives to layers without one, as it goes through a class from the top.</summary>
internal sealed class ImplicitNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The layer that attached ones belong to.</summary>
    public string Layer { get; private set; } = "";

    public bool IsTaken(string name) => _taken.Contains(name);

    /// <summary>A layer with a name of its own.</summary>
    public void Declare(string name)
    {
        _taken.Add(name);
        Layer = name;
    }

    /// <summary>What an unnamed activation (or batch norm, dropout, identity) would be called here.</summary>
    public string Attached(string kind)
    {
        string name = $"{Layer}.{kind}";
        for (int i = 2; _taken.Contains(name); i++) name = FormattableString.Invariant($"{Layer}.{kind}{i}");
        return name;
    }

    /// <summary>Attaches a node to the layer.</summary>
    public void Attach(string name) => _taken.Add(name);

    /// <summary>What any other unnamed layer would be called here.</summary>
    public string Numbered(string kind) => Next(kind).Name;

    /// <summary>A layer that is called as <see cref="Numbered"/> says.</summary>
    public void DeclareNumbered(string kind)
    {
        (string name, _counts[kind]) = Next(kind);
        Declare(name);
    }

    private (string Name, int Count) Next(string kind)
    {
        for (int count = _counts.GetValueOrDefault(kind) + 1; ; count++)
        {
            string name = FormattableString.Invariant($"{kind}{count}");
            if (!_taken.Contains(name)) return (name, count);
        }
    }
}
