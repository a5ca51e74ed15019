namespace CnnCodegen.Generator.Model;

/// <summary>
/// Weights that are whole numbers, codes, times a scale, so that a kernel may multiply the codes and lose nothing. The scale of a filter is its
/// greatest magnitude, unless one of the options says otherwise.
/// </summary>
/// <param name="Greatest">No code is of greater magnitude.</param>
internal sealed record WeightCodes(int Greatest)
{
    /// <summary>The tensor that holds the scale of each filter.</summary>
    public string? Scales { get; init; }

    /// <summary>Bits of a grid that all filters share: <see cref="DoReFa"/>.</summary>
    public int GridBits { get; init; }

    /// <summary>Signed bytes hold the codes.</summary>
    public bool FitBytes => Greatest <= -sbyte.MinValue;

    /// <summary>With the tensor of a layer.</summary>
    public WeightCodes Of(string layer) => Scales is null ? this : this with { Scales = $"{layer}.{Scales}" };
}
