using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>A convolution or matrix product without bias, plus one constant per channel: the constant is the bias.</summary>
internal static class BiasAdditions
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        if (Channels.Match<Layer>(end, BinaryKind.Add) is not { } match || !isOnlyRead(match.Source)) return false;
        Layer? biased = match.Source.Layer switch
        {
            WeightedLayer { Bias: false } layer => layer with { Bias = true },
            ConvTranspose { Bias: false } conv => conv with { Bias = true },
            _ => null,
        };
        if (biased is null) return false;
        end.Become(match.Source, biased, [match.Source.Weights[0], ("bias", Channels.Vector(match.Values)), .. match.Source.Weights.Skip(1)]);
        return true;
    }
}
