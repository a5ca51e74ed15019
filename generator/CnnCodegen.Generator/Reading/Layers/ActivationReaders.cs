using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Element-wise functions of one value.</summary>
internal static class ActivationReaders
{
    /// <summary>A function without options.</summary>
    public static Action<LayerScope> Plain(ActivationKind kind) => scope => scope.Add(_ => new Activation(kind));

    public static void LeakyRelu(LayerScope scope) => Add(scope, new Activation(ActivationKind.LeakyRelu, scope.Options.Float("Alpha", 0.01f)));

    public static void Elu(LayerScope scope) => Add(scope, new Activation(ActivationKind.Elu, scope.Options.Float("Alpha", 1f)));

    public static void HardSigmoid(LayerScope scope) =>
        Add(scope, new Activation(ActivationKind.HardSigmoid, scope.Options.Float("Alpha", 1f / 6), scope.Options.Float("Beta", 0.5f)));

    public static void Clip(LayerScope scope)
    {
        float min = scope.Options.Bound("min"), max = scope.Options.Bound("max");
        if (min > max) throw new ModelException(FormattableString.Invariant($"min is {min} and max is {max}; min must not be above max"));
        Add(scope, new Activation(ActivationKind.Clip, min, max));
    }

    public static void Quantize(LayerScope scope)
    {
        float scale = scope.Options.Float("scale");
        int bits = scope.Options.Int("Bits", 8, min: 1, max: 8);
        int low = scope.Options.Bool("Signed", false) ? -(1 << (bits - 1)) : 0, high = low + (1 << bits) - 1;
        low = scope.Options.Int("Low", low, min: low, max: high);
        high = scope.Options.Int("High", high, min: low, max: high);
        int zero = scope.Options.Int("ZeroPoint", 0, min: low, max: high);
        bool reciprocal = scope.Options.Bool("Reciprocal", false);
        if (!(scale > 0)) throw new ModelException(FormattableString.Invariant($"scale is {scale}; it must be above 0"));
        if (reciprocal && scale != (int)scale) throw new ModelException(FormattableString.Invariant($"Reciprocal is set and scale is {scale}; it must be a whole number, the codes of one unit"));
        Add(scope, new Activation(ActivationKind.Quantize, reciprocal ? 1 / scale : scale, zero) { Low = low, High = high, Levels = reciprocal ? (int)scale : 0 });
    }

    public static void PRelu(LayerScope scope)
    {
        TensorShape slope = TensorShape.Of(scope.Options.Ints("SlopeShape", min: 1) ?? []);
        if (slope.Rank > 0 && scope.Options.Has("PerChannel")) throw new ModelException("PerChannel and SlopeShape are both given; keep one of them");
        PRelu layer = new(scope.Options.Bool("PerChannel", true), slope);
        scope.Add(_ => layer);
    }

    private static void Add(LayerScope scope, Activation layer) => scope.Add(_ => layer);
}
