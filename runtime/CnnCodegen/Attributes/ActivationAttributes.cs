namespace CnnCodegen;

// An activation without a name belongs to the layer before it: that layer's name then means the result after it.
// With a name it is a layer on its own, and both values can be read.

/// <summary>max(x, 0).</summary>
/// <param name="name">A name of its own; without one it belongs to the layer before it.</param>
public sealed class ReluAttribute(string? name = null) : LayerAttribute(name);

/// <summary>min(max(x, 0), 6).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class Relu6Attribute(string? name = null) : LayerAttribute(name);

/// <summary>1 / (1 + exp(-x)).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class SigmoidAttribute(string? name = null) : LayerAttribute(name);

/// <summary>Hyperbolic tangent.</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class TanhAttribute(string? name = null) : LayerAttribute(name);

/// <summary>x * max(0, min(1, x / 6 + 1/2)).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class HardSwishAttribute(string? name = null) : LayerAttribute(name);

/// <summary>ln(1 + exp(x)).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class SoftplusAttribute(string? name = null) : LayerAttribute(name);

/// <summary>e to the x.</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class ExpAttribute(string? name = null) : LayerAttribute(name);

/// <summary>Square root; NaN for a negative value.</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class SqrtAttribute(string? name = null) : LayerAttribute(name);

/// <summary>-1, 0 or 1; sign(0) = 0.</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class SignAttribute(string? name = null) : LayerAttribute(name);

/// <summary>x for x >= 0, otherwise Alpha * x.</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class LeakyReluAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>The slope of the negative side. 0.01 by default.</summary>
    public float Alpha { get; set; } = 0.01f;
}

/// <summary>x for x >= 0, otherwise Alpha * (exp(x) - 1).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class EluAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>1 by default.</summary>
    public float Alpha { get; set; } = 1f;
}

/// <summary>max(0, min(1, Alpha * x + Beta)).</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class HardSigmoidAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>1/6 by default.</summary>
    public float Alpha { get; set; } = 1f / 6;

    /// <summary>1/2 by default.</summary>
    public float Beta { get; set; } = 0.5f;
}

/// <summary>min(max(x, Min), Max).</summary>
public sealed class ClipAttribute : LayerAttribute
{
    /// <summary>Clips the layer before it.</summary>
    /// <param name="min">The lower bound; may be negative infinity.</param>
    /// <param name="max">The upper bound; may be infinity.</param>
    public ClipAttribute(float min, float max)
        : base(null) => (Min, Max) = (min, max);

    /// <summary>A layer on its own.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="min">The lower bound; may be negative infinity.</param>
    /// <param name="max">The upper bound; may be infinity.</param>
    public ClipAttribute(string name, float min, float max)
        : base(name) => (Min, Max) = (min, max);

    /// <summary>The lower bound.</summary>
    public float Min { get; }

    /// <summary>The upper bound.</summary>
    public float Max { get; }
}

/// <summary>
/// x for x >= 0, otherwise slope * x with learned slopes. Weight: <c>NAME.weight</c>, or <c>LAYER.prelu.weight</c> where it
/// has no name of its own: one slope for each channel.
/// </summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class PReluAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>One slope for each channel (the default), or a single one.</summary>
    public bool PerChannel { get; set; } = true;

    /// <summary>The shape of the slopes where it is neither; it must broadcast to the input.</summary>
    public int[]? SlopeShape { get; set; }
}
