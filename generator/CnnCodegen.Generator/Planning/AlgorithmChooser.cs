using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Planning;

/// <summary>The algorithm of a layer, with the reasons against the others.</summary>
internal sealed record Choice(IAlgorithm Algorithm, Claimed Claim, string Reason);

/// <summary>An algorithm that the user, or a tuning file, asks for and does not get.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Isa">For which instruction set.</param>
/// <param name="TuningFile">The file that asks for it; null for the layer's attribute.</param>
/// <param name="Message">What is asked for and why it cannot be.</param>
internal sealed record Refusal(string Layer, Isa Isa, string? TuningFile, string Message)
{
    /// <summary>It is the refinement that asks: <see cref="Refinement.Wish"/>.</summary>
    public bool IsWish { get; init; }
}

/// <summary>
/// Chooses the algorithm of each layer: the one that is asked for; otherwise the one with the lowest estimate that is accurate enough,
/// those without an estimate last. The order of the catalog breaks ties.
/// </summary>
internal sealed class AlgorithmChooser
{
    private readonly IReadOnlyList<IAlgorithm> _catalog;
    private readonly Accuracy _accuracy;
    private readonly Tuning? _tuning;
    private readonly Dictionary<string, string> _tuned;
    private readonly List<Refusal> _refusals = [];
    private readonly Isa _isa;

    public AlgorithmChooser(NetworkModel model, Isa isa, IReadOnlyList<IAlgorithm> catalog)
    {
        _catalog = catalog;
        _accuracy = model.Accuracy;
        _isa = isa;
        _tuning = model.Tuning;
        _tuned = model.Tuning?.Layers.Where(l => l.Isa == isa.Key()).GroupBy(l => l.Layer).ToDictionary(g => g.Key, g => g.Last().Algorithm) ?? [];
        foreach (string unknown in _tuned.Keys.Except(model.Nodes.Select(n => n.Name)))
            _refusals.Add(new Refusal(unknown, isa, _tuning!.File, "the network has no such layer"));
    }

    /// <summary>What was asked for in vain so far.</summary>
    public IReadOnlyList<Refusal> Refusals => _refusals;

    public Choice Choose(LayerContext layer)
    {
        List<(IAlgorithm Algorithm, Claimed Claim)> claims = [];
        List<(IAlgorithm Algorithm, string Reason)> declined = [];
        foreach (IAlgorithm algorithm in _catalog.Where(a => a.Considers(layer.Layer)))
        {
            switch (algorithm.Claim(layer))
            {
                case Declined no:
                    declined.Add((algorithm, no.Reason));
                    break;
                case Claimed claim when claim.Amplification > MaxAmplification(layer):
                    declined.Add((algorithm, FormattableString.Invariant($"multiplies the bound of the rounding error by {claim.Amplification:G3}, above the {MaxAmplification(layer):G3} of Accuracy = {_accuracy}{(layer.IsExact ? " for sums of signs" : "")}")));
                    break;
                case Claimed claim:
                    claims.Add((algorithm, claim));
                    break;
            }
        }

        if (claims.Count == 0) throw new InvalidOperationException($"No algorithm takes {layer.Layer.Kind} '{layer.Node.Name}'; the reference must never decline.");
        if (layer.Layer is WeightedLayer { Refinement.Wish: { } wish } && declined.Find(d => d.Algorithm.Name == wish).Reason is { } obstacle)
            _refusals.Add(new Refusal(layer.Node.Name, _isa, null, obstacle) { IsWish = true });
        if (Asked(layer, claims, declined) is { } asked) return asked;

        (IAlgorithm best, Claimed chosen) = claims.OrderBy(c => c.Claim.Cost?.Cycles ?? double.PositiveInfinity).First();
        (IAlgorithm Algorithm, string Reason)[] dearer = claims
            .Where(c => c.Algorithm != best && c.Claim.Cost is not null).Select(c => (c.Algorithm, Describe(c.Claim.Cost!))).ToArray();
        string reason = chosen.Reason + (dearer.Length == 0 ? "" : ", " + Describe(chosen.Cost!));
        string against = string.Join("; ", declined.Concat(dearer).Select(other => $"not {other.Algorithm.Name}: {other.Reason}"));
        return new Choice(best, chosen, against.Length == 0 ? reason : $"{reason} ({against})");
    }

    /// <summary>The a-priori error bound allowed, as a multiple of that of the direct algorithm. Where that makes no error, none is added by default.</summary>
    private double MaxAmplification(LayerContext layer) => _accuracy switch
    {
        Accuracy.Strict => 1,
        Accuracy.Default => layer.IsExact ? 1 : 1e5,
        _ => double.PositiveInfinity,
    };

    /// <summary>The claim that the layer's attribute asks for, or else the tuning file; null if none does or it cannot be.</summary>
    private Choice? Asked(LayerContext layer, List<(IAlgorithm Algorithm, Claimed Claim)> claims, List<(IAlgorithm Algorithm, string Reason)> declined)
    {
        string? pin = layer.Layer.Pin, tuned = null;
        if (pin is null && !_tuned.TryGetValue(layer.Node.Name, out tuned)) return null;
        string name = (pin ?? tuned)!;
        (IAlgorithm algorithm, Claimed claim) = claims.Find(c => c.Algorithm.Name == name);
        if (algorithm is not null) return new Choice(algorithm, claim, claim.Reason + (pin is null ? $", measured best ({_tuning!.File})" : ", as asked for"));

        string reason = declined.Find(d => d.Algorithm.Name == name).Reason
            ?? (_catalog.Any(a => a.Name == name) ? $"it does not compute {layer.Layer.Kind} {layer.Layer.Describe()}" : "there is no such algorithm");
        _refusals.Add(new Refusal(layer.Node.Name, _isa, pin is null ? _tuning!.File : null, $"{name} cannot be used: {reason}"));
        return null;
    }

    private static string Describe(Cost cost) => FormattableString.Invariant($"{cost.Cycles / 1e6:G3} million cycles");
}
