using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Representations of weights.</summary>
internal static class RefinementReaders
{
    public static Refiner Sparse(AttributeArguments options) => Weights(new Sparse(Density(options)) { Unroll = options.Bool("Unroll", false), Shared = options.Bool("Shared", false) });

    /// <summary>A convolution with the dictionary, and a sparse one over its words. Padding by zeros commutes with the first, which has no bias.</summary>
    public static Refiner Lookup(AttributeArguments options)
    {
        int dictionary = options.Int("dictionary", min: 1), terms = options.Int("terms", min: 1);
        if (terms > dictionary) throw new ModelException($"terms is {terms}; it must be at most dictionary, which is {dictionary}");
        return (scope, layer) =>
        {
            WeightedLayer? whole = null;
            Value words = scope.AddInner(Model.Lookup.DictionaryStep, x => (whole = Whole(layer(x), x, nameof(Lookup))) is Conv conv ? Pointwise(dictionary, conv) : new Linear(dictionary, Bias: false), scope.Source());
            scope.Add(_ => whole! with { Refinement = new Lookup(dictionary, terms) }, words);
        };
    }

    /// <summary>A convolution that mixes the channels, spatial filters for each, and a sparse combination of them.</summary>
    public static Refiner SparseDecomposed(AttributeArguments options)
    {
        int bases = options.Int("bases", min: 1);
        double density = Density(options);
        return (scope, layer) =>
        {
            Conv? whole = null;
            Value mixed = scope.AddInner(Model.SparseDecomposed.ChannelStep, x => Pointwise(x[1], whole = Whole(layer(x), x, nameof(SparseDecomposed)) as Conv ?? throw new RefinementException("SparseDecomposed makes filters of spatial ones, and a linear layer has none; take Lookup or Sparse")), scope.Source());
            Value filtered = scope.AddInner(Model.SparseDecomposed.SpatialStep, x => new Conv(ConvReaders.Channels(x, bases, nameof(bases)), whole!.Window, x[1], Bias: false), mixed);
            scope.Add(_ => Pointwise(whole!.OutChannels, whole) with { Bias = whole.Bias, Algorithm = whole.Algorithm, Refinement = new SparseDecomposed(bases, density) }, filtered);
        };
    }

    public static Refiner Int8(AttributeArguments options) => Weights(new Int8());

    private static double Density(AttributeArguments options)
    {
        double density = options.Double("density");
        return density is > 0 and <= 1 ? density : throw new ModelException(FormattableString.Invariant($"density is {density}; it must be above 0 and at most 1"));
    }

    /// <summary>A layer whose filters see all input channels.</summary>
    private static WeightedLayer Whole(WeightedLayer layer, TensorShape x, string refinement) => Fitting(layer, x) is Conv { Groups: > 1 } conv
        ? throw new RefinementException($"{refinement} needs a convolution whose filters see all channels, and this one has {conv.Groups} groups; take Sparse, or leave the groups out")
        : layer;

    /// <summary>The layer, before it is taken apart: what does not fit is told of the whole, not of its steps.</summary>
    public static WeightedLayer Fitting(WeightedLayer layer, TensorShape x)
    {
        _ = NetworkBuilder.Infer(layer, x);
        return layer;
    }

    /// <summary>A convolution of one pixel in as many spatial dimensions.</summary>
    private static Conv Pointwise(int channels, Conv like) => new(channels, Window.Square(like.Window.Rank, 1), Bias: false);

    /// <summary>The layer itself, with the knowledge about its weights.</summary>
    public static Refiner Weights(Refinement refinement) => (scope, layer) => scope.Add(x => layer(x) with { Refinement = refinement });
}
