using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Normalisation, and what is nothing at inference.</summary>
internal static class NormReaders
{
    public static void BatchNorm(LayerScope scope)
    {
        BatchNorm layer = new(Epsilon(scope));
        scope.Add(_ => layer);
    }

    public static void InstanceNorm(LayerScope scope)
    {
        InstanceNorm layer = new(Epsilon(scope), scope.Options.Bool("Affine", true));
        scope.Add(_ => layer);
    }

    public static void LocalResponseNorm(LayerScope scope)
    {
        AttributeArguments options = scope.Options;
        LocalResponseNorm layer = new(options.Int("size", min: 1), options.Float("Alpha", 1e-4f), options.Float("Beta", 0.75f), options.Float("K", 1f));
        scope.Add(_ => layer);
    }

    public static void Dropout(LayerScope scope)
    {
        float rate = scope.Options.Float("Rate", 0.5f);
        if (rate is < 0 or > 1) throw new ModelException(FormattableString.Invariant($"Rate is {rate}; it must be between 0 and 1"));
        scope.Add(_ => new Identity("Dropout"));
    }

    public static void Identity(LayerScope scope) => scope.Add(_ => new Identity());

    private static float Epsilon(LayerScope scope)
    {
        float epsilon = scope.Options.Float("Epsilon", 1e-5f);
        return epsilon >= 0 ? epsilon
            : throw new ModelException(FormattableString.Invariant($"Epsilon is {epsilon}; it must not be negative"));
    }
}
