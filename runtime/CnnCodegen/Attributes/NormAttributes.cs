namespace CnnCodegen;

/// <summary>
/// (x - running_mean) / sqrt(running_var + Epsilon) * weight + bias, for each channel. Folded into the layer before it where possible.
/// Weights, C each: <c>NAME.weight</c>, <c>.bias</c>, <c>.running_mean</c>, <c>.running_var</c>; without a name of its own
/// <c>LAYER.batchnorm.weight</c> and so on.
/// <code>[Conv("conv1", 64, Kernel = 3, Bias = false), BatchNorm("bn1"), Relu]</code>
/// </summary>
/// <param name="name">A name of its own; without one it belongs to the layer before it.</param>
public sealed class BatchNormAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>Added to the variance. 1e-5 by default.</summary>
    public float Epsilon { get; set; } = 1e-5f;
}

/// <summary>
/// Normalises each plane of N x C x spatial to zero mean and unit variance.
/// Weights, C each, with <see cref="Affine"/>: <c>NAME.weight</c>, <c>NAME.bias</c>.
/// </summary>
/// <param name="name">The layer's name.</param>
public sealed class InstanceNormAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>Added to the variance. 1e-5 by default.</summary>
    public float Epsilon { get; set; } = 1e-5f;

    /// <summary>Whether a weight and a bias for each channel follow. True by default.</summary>
    public bool Affine { get; set; } = true;
}

/// <summary>x / (K + Alpha / Size * sum of squares over Size neighbouring channels)^Beta (Krizhevsky et al. 2012).</summary>
public sealed class LocalResponseNormAttribute : LayerAttribute
{
    /// <summary>A layer without a name of its own.</summary>
    /// <param name="size">Channels in the sum.</param>
    public LocalResponseNormAttribute(int size)
        : base(null) => Size = size;

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="size">Channels in the sum.</param>
    public LocalResponseNormAttribute(string name, int size)
        : base(name) => Size = size;

    /// <summary>Channels in the sum.</summary>
    public int Size { get; }

    /// <summary>1e-4 by default.</summary>
    public float Alpha { get; set; } = 1e-4f;

    /// <summary>0.75 by default.</summary>
    public float Beta { get; set; } = 0.75f;

    /// <summary>1 by default.</summary>
    public float K { get; set; } = 1f;
}

/// <summary>Nothing at inference; kept so that a definition reads as the paper's table.</summary>
/// <param name="name">A name of its own; without one it belongs to the layer before it.</param>
public sealed class DropoutAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>The share of values that training drops. 0.5 by default.</summary>
    public float Rate { get; set; } = 0.5f;
}

/// <summary>The input, unchanged; with a name, a second name for it.</summary>
/// <param name="name">A name of its own; without one it belongs to the layer before it.</param>
public sealed class IdentityAttribute(string? name = null) : LayerAttribute(name);
