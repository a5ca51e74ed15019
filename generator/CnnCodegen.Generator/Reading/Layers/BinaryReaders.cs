using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>What the activations around a binarised layer are padded with; members as in the attribute's enum.</summary>
internal enum BinaryPadding
{
    Zero,
    MinusOne,
    PlusOne,
}

/// <summary>Layers of one or a few bits: the refinement of the weights, and in front of the layer what its activations become.</summary>
internal static class BinaryReaders
{
    public static Refiner Binary(AttributeArguments options)
    {
        bool inputs = options.Bool("Inputs", true), weights = options.Bool("Weights", true);
        if (!inputs && !weights) throw new ModelException("Inputs and Weights are both false, which leaves nothing binary; set one of them, or leave Binary out");
        BinaryPadding padding = options.Enum<BinaryPadding>("PadValue");
        return (scope, layer) => Add(scope, layer, inputs ? Binarized(scope, scope.Source()) : scope.Source(), weights ? new BinaryWeight() : null, padding);
    }

    public static Refiner BinaryWeight(AttributeArguments options) => RefinementReaders.Weights(new BinaryWeight());

    public static Refiner Bitwise(AttributeArguments options)
    {
        double zeros = options.Double("zeros");
        if (zeros is not (>= 0 and < 1)) throw new ModelException(FormattableString.Invariant($"zeros is {zeros}; it must be at least 0 and below 1"));
        BinaryPadding padding = options.Enum<BinaryPadding>("PadValue");
        return (scope, layer) => Add(scope, layer, Binarized(scope, scope.Source()), new Bitwise(zeros), padding);
    }

    public static Refiner DoReFa(AttributeArguments options)
    {
        int weights = options.Int("weightBits"), activations = options.Int("activationBits");
        if (!Model.DoReFa.Allows(weights) || !Model.DoReFa.Allows(activations))
            throw new ModelException($"the weights have {weights} bits and the activations {activations}; both must be 1 to {Model.DoReFa.MaxBits}, or {Model.DoReFa.Float} for what stays as it is");
        Refinement? refinement = weights switch { 1 => new BinaryWeight(), Model.DoReFa.Float => null, _ => new DoReFa(weights) };
        return (scope, layer) =>
        {
            Value x = scope.Source();
            int codes = (1 << activations) - 1;
            if (activations != Model.DoReFa.Float) x = scope.AddInner("quantize", _ => new Activation(ActivationKind.Quantize, 1f / codes) { High = codes, Levels = codes }, x);
            Add(scope, layer, x, refinement, BinaryPadding.Zero);
        };
    }

    /// <summary>
    /// conv(sign x) scaled, pixel by pixel, by the box-filtered mean of |x| over the channels; alpha of a filter is in its weights.
    /// </summary>
    public static Refiner Xnor(AttributeArguments options) => (scope, layer) =>
    {
        Value x = scope.Source();
        Value scales = XnorScales.Of(x, shape => WithoutBias(RefinementReaders.Fitting(layer(shape), shape)), scope.AddInner);
        if (scales == Value.Unknown) return;
        Add(scope, layer, Binarized(scope, x), new BinaryWeight(), BinaryPadding.Zero);
        scope.AddBehind("scaled", new Binary(BinaryKind.Mul), scope.Result, scales);
    };

    private static WeightedLayer WithoutBias(WeightedLayer layer) => !layer.Bias ? layer
        : throw new RefinementException("Xnor scales the layer's result, and would scale a bias with it; set Bias = false and let a BatchNorm behind the layer add one");

    /// <summary>A value of -1 and 1 as it is, any other binarised.</summary>
    private static Value Binarized(LayerScope scope, Value source) =>
        scope.IsBinary(source) ? source : scope.AddInner("binarize", _ => new Activation(ActivationKind.Binarize), source);

    /// <summary>The layer behind <paramref name="source"/>; a padding with -1 or 1 becomes a layer of its own.</summary>
    private static void Add(LayerScope scope, Func<TensorShape, WeightedLayer> layer, Value source, Refinement? refinement, BinaryPadding padding)
    {
        if (padding == BinaryPadding.Zero)
        {
            scope.Add(x => layer(x) with { Refinement = refinement }, source);
            return;
        }

        Conv? conv = null;
        Value padded = scope.AddInner("pad", x =>
        {
            conv = layer(x) as Conv ?? throw new RefinementException("PadValue is set, and a linear layer has no padding; leave it out");
            conv = (Conv)conv.Resolve([x]);
            return new Pad([0, 0, .. conv.Window.PadsBegin], [0, 0, .. conv.Window.PadsEnd], Value: padding == BinaryPadding.PlusOne ? 1 : -1);
        }, source);
        scope.Add(_ => conv! with { Window = conv.Window with { PadsBegin = Window.Repeat(0, conv.Window.Rank), PadsEnd = Window.Repeat(0, conv.Window.Rank) }, Refinement = refinement }, padded);
    }
}
