namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>Channels of a network's values. Channels that can be removed together only, such as the two that an addition joins, are one.</summary>
internal sealed class ChannelSets
{
    private readonly List<int> _parents = [];
    private readonly HashSet<int> _kept = [];

    /// <summary>So many new channels.</summary>
    public int[] New(int count)
    {
        int first = _parents.Count;
        for (int i = 0; i < count; i++) _parents.Add(first + i);
        return [.. Enumerable.Range(first, count)];
    }

    /// <summary>The channel that stands for all that are joined with this one.</summary>
    public int Find(int channel)
    {
        while (_parents[channel] != channel) channel = _parents[channel] = _parents[_parents[channel]];
        return channel;
    }

    public void Join(int a, int b)
    {
        (a, b) = (Find(a), Find(b));
        _parents[b] = a;
        if (_kept.Contains(b)) _kept.Add(a);
    }

    /// <summary>The channel stays.</summary>
    public void Keep(int channel) => _kept.Add(Find(channel));

    public bool IsKept(int channel) => _kept.Contains(Find(channel));
}
