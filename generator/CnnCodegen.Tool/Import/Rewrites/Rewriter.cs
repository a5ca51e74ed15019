namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>Turns the layers at and before <paramref name="end"/> into simpler ones, by changing <paramref name="end"/> in place.</summary>
/// <param name="end">The layer whose value stays.</param>
/// <param name="isOnlyRead">Whether a value has one reader, so that it may disappear.</param>
/// <returns>Whether anything changed.</returns>
internal delegate bool RewriteRule(Draft end, Func<Draft, bool> isOnlyRead);

/// <summary>Applies the rewrites, each from the first layer to the last.</summary>
internal static class Rewriter
{
    private static readonly RewriteRule[] s_rules =
    [
        Rearrangements.Apply,
        ZeroConcats.Apply,
        BiasAdditions.Apply,
        ChannelScales.Apply,
        HardSigmoids.Apply,
        HardSwishes.Apply,
        ReshapeChains.Apply,
    ];

    /// <returns>The layers that the outputs need, and all inputs; every one behind those it reads.</returns>
    public static List<Draft> Run(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> inputs, IReadOnlyList<Draft> outputs)
    {
        foreach (RewriteRule rule in s_rules)
        {
            Dictionary<Draft, int> reads = CountReads(Live(drafts, inputs, outputs), outputs);
            foreach (Draft draft in drafts)
                if (reads.ContainsKey(draft) && rule(draft, d => reads[d] == 1))
                    reads = CountReads(Live(drafts, inputs, outputs), outputs);
        }

        return Live(drafts, inputs, outputs);
    }

    /// <summary>How often each value is read; an output counts as a reader.</summary>
    public static Dictionary<Draft, int> CountReads(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs)
    {
        Dictionary<Draft, int> reads = drafts.ToDictionary(d => d, _ => 0);
        foreach (Draft read in drafts.SelectMany(d => d.Inputs).Concat(outputs)) reads[read]++;
        return reads;
    }

    private static List<Draft> Live(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> inputs, IReadOnlyList<Draft> outputs)
    {
        HashSet<Draft> live = [.. inputs, .. outputs];
        foreach (Draft draft in drafts.Reverse())
            if (live.Contains(draft)) live.UnionWith(draft.Inputs);
        return [.. drafts.Where(live.Contains)];
    }
}
