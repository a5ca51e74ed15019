namespace CnnCodegen.Generator.Reading;

/// <summary>A value of the network while it is read: a node, or <see cref="Unknown"/> where its layer is in error.</summary>
internal readonly record struct Value(int? Node)
{
    /// <summary>Whatever reads it is in doubt, and skipped without another message.</summary>
    public static Value Unknown => default;
}

/// <summary>The layer before the one that is being read.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Value">Its result; unknown for a Split.</param>
/// <param name="Parts">How many values a Split has; 0 for every other layer.</param>
internal sealed record LayerBefore(string Label, Value Value, int Parts = 0);

/// <summary>
/// The naming rules. A label is what <c>From</c> may say; it moves on when an unnamed activation, batch norm, dropout or
/// identity refines its layer. A node's name never changes: it is the prefix of the node's tensors in the weight file.
/// </summary>
internal sealed class NameScope
{
    /// <summary>Parameters of generated methods are called like inputs and outputs; those of C# have at most 1,023 characters.</summary>
    public const int MaxLength = 500;

    private readonly Dictionary<string, Value> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);

    /// <summary>What a layer without <c>From</c> reads.</summary>
    public LayerBefore? Before { get; set; }

    public IEnumerable<string> Labels => _labels.Keys.OrderBy(label => label, StringComparer.Ordinal);

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && name.All(IsAllowed);

    /// <summary>The layer, in words, whose node has this name; null where it is free.</summary>
    public string? OwnerOf(string name) => _owners.TryGetValue(name, out string? owner) ? owner : null;

    public void Take(string name, string owner) => _owners[name] = owner;

    public bool TryFind(string label, out Value value) => _labels.TryGetValue(label, out value);

    public void Bind(string label, Value value) => _labels[label] = value;

    /// <summary>A node that refines the layer before it, or is a step on the way to it: <c>conv1.relu</c>, <c>conv1.relu2</c>, ...</summary>
    public string Inner(string layer, string kind) => Free(layer + "." + kind.ToLowerInvariant());

    /// <summary>A layer without a name: <c>maxpool1</c>, <c>maxpool2</c>, ...</summary>
    public string Ordinal(string kind)
    {
        string name;
        do
        {
            _ordinals[kind] = _ordinals.TryGetValue(kind, out int last) ? last + 1 : 1;
            name = FormattableString.Invariant($"{kind.ToLowerInvariant()}{_ordinals[kind]}");
        }
        while (_owners.ContainsKey(name));

        return name;
    }

    /// <summary>The name, or the name with the first number from 2 on that makes it free.</summary>
    public string Free(string name)
    {
        string free = name;
        for (int i = 2; _owners.ContainsKey(free); i++) free = FormattableString.Invariant($"{name}{i}");
        return free;
    }

    private static bool IsAllowed(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '.' or '-' or '/';
}
