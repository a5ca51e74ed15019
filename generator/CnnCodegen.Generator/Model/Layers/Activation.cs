namespace CnnCodegen.Generator.Model;

/// <summary>An element-wise function of one value. Alpha and Beta mean what each kind says.</summary>
internal enum ActivationKind
{
    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>min(max(x, 0), 6)</summary>
    Relu6,

    /// <summary>min(max(x, Alpha), Beta)</summary>
    Clip,

    /// <summary>x for x >= 0, otherwise Alpha * x</summary>
    LeakyRelu,

    /// <summary>x for x >= 0, otherwise Alpha * (exp(x) - 1)</summary>
    Elu,

    /// <summary>1 / (1 + exp(-x))</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(0, min(1, Alpha * x + Beta))</summary>
    HardSigmoid,

    /// <summary>x * max(0, min(1, x / 6 + 1/2))</summary>
    HardSwish,

    /// <summary>ln(1 + exp(x))</summary>
    Softplus,

    /// <summary>e to the x.</summary>
    Exp,

    /// <summary>Square root; NaN for a negative value.</summary>
    Sqrt,

    /// <summary>-1, 0 or 1; sign(0) = 0.</summary>
    Sign,

    /// <summary>-1 or 1; 1 for both zeros.</summary>
    Binarize,

    /// <summary>
    /// The nearest of the numbers (code - Beta) * Alpha with a whole code from Low to High; x / Alpha is rounded to even between two.
    /// Alpha is the scale, Beta the zero point. With Levels the scale is exactly 1 / Levels: x * Levels is rounded, and divided by Levels.
    /// </summary>
    Quantize,

    /// <summary>x * Alpha + Beta, by scalars.</summary>
    Affine,

    /// <summary>x to the power Alpha.</summary>
    Pow,
}

/// <summary>Applies <see cref="ActivationKind"/> to every element; NaN stays NaN in every kind.</summary>
internal sealed record Activation(ActivationKind Function, float Alpha = 0, float Beta = 0) : Layer
{
    /// <summary>The least code of <see cref="ActivationKind.Quantize"/>.</summary>
    public int Low { get; init; }

    /// <summary>The greatest code of <see cref="ActivationKind.Quantize"/>.</summary>
    public int High { get; init; }

    /// <summary>Codes of one unit of <see cref="ActivationKind.Quantize"/>, where Alpha is the float nearest to its reciprocal; 0 where the scale is Alpha.</summary>
    public int Levels { get; init; }

    /// <summary>The result is one of a few values that need no float: see <see cref="Grids"/>.</summary>
    public bool IsGrid => Function is ActivationKind.Binarize or ActivationKind.Quantize;

    public override string Kind => Function.ToString();

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (float.IsNaN(Alpha) || float.IsNaN(Beta)) throw new ModelException("an option is NaN");
        if (Function == ActivationKind.Clip && Alpha > Beta)
            throw new ModelException(FormattableString.Invariant($"Min {Alpha} is above Max {Beta}"));
        if (Function == ActivationKind.Quantize && !(Alpha > 0 && Low <= Beta && Beta <= High && Beta == (int)Beta))
            throw new ModelException(FormattableString.Invariant($"the scale {Alpha} must be above 0 and the zero point {Beta} a code from {Low} to {High}"));
        return inputs[0];
    }

    public override string Describe() => Function switch
    {
        ActivationKind.Clip or ActivationKind.HardSigmoid or ActivationKind.Affine => FormattableString.Invariant($"{Alpha}, {Beta}"),
        ActivationKind.Quantize => FormattableString.Invariant($"{(Levels > 0 ? $"1/{Levels}" : Alpha)}, codes {Low} to {High}, zero {Beta}"),
        ActivationKind.LeakyRelu or ActivationKind.Elu or ActivationKind.Pow => FormattableString.Invariant($"{Alpha}"),
        _ => "",
    };
}
