namespace CnnCodegen.Generator.Model;

/// <summary>A layer whose weights may be represented in several ways.</summary>
/// <param name="Bias">Whether one number is added to each output channel.</param>
internal abstract record WeightedLayer(bool Bias) : Layer
{
    /// <summary>What is known about its weights; null if nothing is.</summary>
    public Refinement? Refinement { get; init; }

    /// <summary>How it is to be computed.</summary>
    public ConvAlgorithm Algorithm { get; init; }

    public override string? Pin => Algorithm == ConvAlgorithm.Auto ? null : Algorithm.ToString().ToLowerInvariant();

    /// <summary>The tensors of every such layer: filters, a bias if it has one, and what the refinement adds.</summary>
    protected IReadOnlyList<WeightTensor> Weights(TensorShape weight)
    {
        List<WeightTensor> tensors = [new("weight", weight)];
        if (Bias) tensors.Add(new WeightTensor("bias", TensorShape.Of(weight[0])));
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

    /// <summary>What the nodes in front of the layer's own are called, behind the layer's name, where it takes several.</summary>
    public virtual IReadOnlyList<string> Steps => [];

    /// <summary>The algorithm that it asks to take into account, which is an error where that cannot be; null for none.</summary>
    public virtual string? Wish => null;

    /// <summary>How the weights are whole numbers times a scale; null where they are not.</summary>
    public virtual WeightCodes? Codes => null;

    /// <summary>The tensors that it adds to those of the layer.</summary>
    public virtual IReadOnlyList<WeightTensor> Weights(int outChannels) => [];

    /// <summary>The options as a person would say them.</summary>
    public abstract string Describe();
}

/// <summary>At most <paramref name="Density"/> of the weights, rounded up, are not zero.</summary>
internal record Sparse(double Density) : Refinement
{
    /// <summary>The places of the weights that are not zero may be written into the code.</summary>
    public bool Unroll { get; init; }

    /// <summary>All filters are zero in the same places.</summary>
    public bool Shared { get; init; }

    public override string? Wish => Unroll ? nameof(ConvAlgorithm.Unrolled).ToLowerInvariant() : null;

    /// <summary>How many of so many weights are not zero at most.</summary>
    public int Limit(long weights) => (int)Math.Min(weights, Math.Ceiling(Density * weights));

    /// <summary>At how many of the weights of a filter there are such of any filter, where they share their places.</summary>
    public int SharedLimit(long filter) => (int)Math.Max(1, Math.Floor((Density * filter) + 1e-6));

    public override string Describe() => FormattableString.Invariant($"{Density}") + (Shared ? " shared" : "") + (Unroll ? " unrolled" : "");
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

/// <summary>
/// The weights of each filter are one magnitude with signs, alpha or -alpha (Rastegari et al. 2016, "XNOR-Net", binary-weight networks);
/// with alpha = 1 the filters of Courbariaux et al. 2016, "Binarized Neural Networks".
/// </summary>
internal sealed record BinaryWeight : Refinement
{
    public override WeightCodes? Codes => new(1);

    public override string Describe() => "";
}

/// <summary>
/// The weights of each filter are alpha, -alpha or 0, and at least the share <paramref name="Zeros"/> of the layer's weights is 0
/// (Kim and Smaragdis 2015, "Bitwise Neural Networks").
/// </summary>
internal sealed record Bitwise(double Zeros) : Refinement
{
    public override WeightCodes? Codes => new(1);

    public override string Describe() => FormattableString.Invariant($"{Zeros}");
}

/// <summary>
/// The weights are E (2 q / (2^Bits - 1) - 1) with whole q from 0 to 2^Bits - 1 and one E, 1 in the paper (Zhou et al. 2016, "DoReFa-Net",
/// <paramref name="Bits"/> above 1).
/// </summary>
internal sealed record DoReFa(int Bits) : Refinement
{
    /// <summary>The most bits of weights and activations, and the number that stands for floats.</summary>
    public const int MaxBits = 8, Float = 32;

    /// <summary>The codes are 2 q - (2^Bits - 1), odd numbers.</summary>
    public override WeightCodes? Codes => new((1 << Bits) - 1) { GridBits = Bits };

    /// <summary>Whether weights or activations may have so many bits.</summary>
    public static bool Allows(int bits) => bits is (>= 1 and <= MaxBits) or Float;

    public override string Describe() => $"{Bits}";
}

/// <summary>
/// The weights of an output channel are codes from -128 to 127 times its scale, which the tensor <c>weight_scale</c> holds. A convolution
/// of codes with them is exact in integers.
/// </summary>
internal sealed record Int8 : Refinement
{
    public const string Scales = "weight_scale";

    public override WeightCodes? Codes => new(-sbyte.MinValue) { Scales = Scales };

    public override IReadOnlyList<WeightTensor> Weights(int outChannels) => [new(Scales, TensorShape.Of(outChannels))];

    public override string Describe() => "";
}
