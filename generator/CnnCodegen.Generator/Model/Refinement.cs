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
    public override string Describe() => FormattableString.Invariant($"{Density}");
}

/// <summary>
/// The weights of each filter are one magnitude with signs, alpha or -alpha (Rastegari et al. 2016, "XNOR-Net", binary-weight networks);
/// with alpha = 1 the filters of Courbariaux et al. 2016, "Binarized Neural Networks".
/// </summary>
internal sealed record BinaryWeight : Refinement
{
    public override string Describe() => "";
}

/// <summary>
/// The weights of each filter are alpha, -alpha or 0, and at least the share <paramref name="Zeros"/> of the layer's weights is 0
/// (Kim and Smaragdis 2015, "Bitwise Neural Networks").
/// </summary>
internal sealed record Bitwise(double Zeros) : Refinement
{
    public override string Describe() => FormattableString.Invariant($"{Zeros}");
}

/// <summary>
/// The weights are (2 q / (2^Bits - 1)) - 1 with whole q from 0 to 2^Bits - 1 (Zhou et al. 2016, "DoReFa-Net", <paramref name="Bits"/> above 1).
/// </summary>
internal sealed record DoReFa(int Bits) : Refinement
{
    public override string Describe() => $"{Bits}";
}
