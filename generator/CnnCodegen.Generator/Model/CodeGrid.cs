namespace CnnCodegen.Generator.Model;

/// <summary>
/// How the values of a <see cref="ActivationKind.Quantize"/> of at most 256 codes lie in bytes: a byte counts the codes above the least
/// one, so that <c>value = (byte - Zero) * Scale</c>.
/// </summary>
/// <param name="Scale">The distance of two neighbouring values.</param>
/// <param name="Zero">The byte that means 0.</param>
/// <param name="Max">The greatest byte.</param>
internal sealed record CodeGrid(float Scale, int Zero, int Max)
{
    /// <summary>Codes of one unit, where the scale is the float nearest to its reciprocal; 0 where the scale is what it is.</summary>
    public int Levels { get; init; }

    /// <summary>The exact scale.</summary>
    public double Step => Levels > 0 ? 1.0 / Levels : Scale;

    /// <summary>The least value, in units of the scale.</summary>
    public int Low => -Zero;

    /// <summary>The greatest value, in units of the scale.</summary>
    public int High => Max - Zero;

    /// <summary>The grid of an activation's results; null if bytes cannot hold them.</summary>
    public static CodeGrid? Of(Activation? activation) => activation is { Function: ActivationKind.Quantize } && activation.High - activation.Low <= byte.MaxValue
        ? new CodeGrid(activation.Alpha, (int)activation.Beta - activation.Low, activation.High - activation.Low) { Levels = activation.Levels }
        : null;
}
