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

    /// <summary>The options as a person would say them.</summary>
    public abstract string Describe();
}

/// <summary>At most <paramref name="Density"/> of the weights, rounded up, are not zero.</summary>
internal sealed record Sparse(double Density) : Refinement
{
    /// <summary>How many of so many weights are not zero at most.</summary>
    public int Limit(long weights) => (int)Math.Min(weights, Math.Ceiling(Density * weights));

    public override string Describe() => FormattableString.Invariant($"{Density}");
}
