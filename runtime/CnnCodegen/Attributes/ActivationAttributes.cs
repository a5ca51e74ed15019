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

/// <summary>-1 or 1; 1 for both zeros (the sign of Courbariaux et al. 2016, "Binarized Neural Networks").</summary>
/// <inheritdoc cref="ReluAttribute" path="/param"/>
public sealed class BinarizeAttribute(string? name = null) : LayerAttribute(name);

/// <summary>
/// The nearest number (code - ZeroPoint) * scale with a whole code of so many bits; x / scale is rounded to even between two codes.
/// What ONNX writes as QuantizeLinear and DequantizeLinear, with one scale for the whole tensor.
/// <code>[Conv("conv1", 64, Kernel = 3), Relu, Quantize(0.0235f)]</code>
/// </summary>
public sealed class QuantizeAttribute : LayerAttribute
{
    /// <summary>Quantizes the layer before it.</summary>
    /// <param name="scale">The distance between two values, above 0.</param>
    public QuantizeAttribute(float scale)
        : base(null) => Scale = scale;

    /// <summary>A layer on its own.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="scale">The distance between two values, above 0.</param>
    public QuantizeAttribute(string name, float scale)
        : base(name) => Scale = scale;

    /// <summary>The distance between two values.</summary>
    public float Scale { get; }

    /// <summary>The distance is 1 / scale, scale being a whole number: x * scale is rounded, which for 3 or 15 is more exact than any float x / (1 / scale).</summary>
    public bool Reciprocal { get; set; }

    /// <summary>The code of 0. 0 by default.</summary>
    public int ZeroPoint { get; set; }

    /// <summary>Bits of a code, from 1 to 8. 8 by default.</summary>
    public int Bits { get; set; } = 8;

    /// <summary>Codes from -2^(Bits - 1) to 2^(Bits - 1) - 1 instead of 0 to 2^Bits - 1.</summary>
    public bool Signed { get; set; }

    /// <summary>The least code, where it is not the least of so many bits.</summary>
    public int Low { get; set; }

    /// <summary>The greatest code, where it is not the greatest of so many bits.</summary>
    public int High { get; set; }
}

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
