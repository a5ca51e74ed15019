namespace CnnCodegen.Generator.Model;

/// <summary>A layer whose weights may be represented in several ways.</summary>
internal abstract record WeightedLayer : Layer
{
    /// <summary>What is known about its weights; null if nothing is.</summary>
    public Refinement? Refinement { get; init; }

    /// <summary>The tensors of every such layer: filters, a bias if it has one, and what the refinement adds.</summary>
    protected IReadOnlyList<WeightTensor> Weights(TensorShape weight, bool bias)
    {
        List<WeightTensor> tensors = [new("weight", weight)];
        if (bias) tensors.Add(new WeightTensor("bias", TensorShape.Of(weight[0])));
        if (Refinement is not null) tensors.AddRange(Refinement.Weights(weight[0]));
        return tensors;
    }

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

    /// <summary>The tensors that it adds to those of the layer.</summary>
    public virtual IReadOnlyList<WeightTensor> Weights(int outChannels) => [];

    /// <summary>The options as a person would say them.</summary>
    public abstract string Describe();
}

/// <summary>At most <paramref name="Density"/> of the weights, rounded up, are not zero.</summary>
internal sealed record Sparse(double Density) : Refinement
{
    public override string Describe() => FormattableString.Invariant($"{Density}");
}

/// <summary>
/// The weights of an output channel are codes from -128 to 127 times its scale, which the tensor <c>weight_scale</c> holds. A convolution
/// of codes with them is exact in integers.
/// </summary>
internal sealed record Int8 : Refinement
{
    public const string Scales = "weight_scale";

    public override IReadOnlyList<WeightTensor> Weights(int outChannels) => [new(Scales, TensorShape.Of(outChannels))];

    public override string Describe() => "";
}
