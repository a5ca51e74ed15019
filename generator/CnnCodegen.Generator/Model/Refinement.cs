namespace CnnCodegen.Generator.Model;

/// <summary>A layer whose weights may be represented in several ways.</summary>
internal abstract record WeightedLayer : Layer
{
    /// <summary>What is known about its weights; null if nothing is.</summary>
    public Refinement? Refinement { get; init; }

    protected string DescribeRefinement() => Refinement is null ? "" : $", {Refinement.Kind} {Refinement.Describe()}".TrimEnd();
}

/// <summary>
/// What is known about the weights of a convolution or linear layer beyond their shape. It changes no result: an algorithm that
/// makes nothing of it reads the weights as any others.
/// </summary>
internal abstract record Refinement
{
    /// <summary>The name of the attribute that declares it, for example <c>Sparse</c>.</summary>
    public string Kind => GetType().Name;

    /// <summary>What the nodes in front of the layer's own are called, behind the layer's name, where it takes several.</summary>
    public virtual IReadOnlyList<string> Steps => [];

    /// <summary>The options as a person would say them.</summary>
    public abstract string Describe();
}

/// <summary>At most <paramref name="Density"/> of the weights, rounded up, are not zero.</summary>
internal record Sparse(double Density) : Refinement
{
    public override string Describe() => FormattableString.Invariant($"{Density}");
}

/// <summary>
/// The weights at each tap of each filter are a sum of at most <paramref name="Terms"/> of the <paramref name="Dictionary"/> words of the
/// step before, a 1x1 convolution with the dictionary.
/// </summary>
internal sealed record Lookup(int Dictionary, int Terms) : Sparse((double)Terms / Dictionary)
{
    public const string DictionaryStep = "dictionary";

    public override IReadOnlyList<string> Steps => [DictionaryStep];

    public override string Describe() => $"{Terms} of {Dictionary} words";
}

/// <summary>
/// The filters are combinations, of which at most <paramref name="Density"/> of the coefficients are not zero, of <paramref name="Bases"/>
/// spatial filters for each of the channels that the first step mixes.
/// </summary>
internal sealed record SparseDecomposed(int Bases, double Density) : Sparse(Density)
{
    public const string ChannelStep = "channels", SpatialStep = "spatial";

    public override IReadOnlyList<string> Steps => [ChannelStep, SpatialStep];

    public override string Describe() => FormattableString.Invariant($"{Bases} filters a channel, {Density}");
}
