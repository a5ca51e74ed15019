using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading.Layers;

namespace CnnCodegen.Generator.Reading;

/// <summary>How a layer gets its name.</summary>
internal enum Naming
{
    /// <summary>The attribute gives it.</summary>
    Required,

    /// <summary>Without one: the kind and an ordinal.</summary>
    Ordinal,

    /// <summary>Without one it belongs to the layer before it.</summary>
    Refining,
}

/// <summary>One attribute of the language.</summary>
/// <param name="Name">The attribute's name without its suffix.</param>
/// <param name="Naming">How it gets its name.</param>
/// <param name="Read">Reads the options and adds the nodes.</param>
internal sealed record LayerKind(string Name, Naming Naming, Action<LayerScope> Read);

/// <summary>The list of all layers: a new one is a line here, a record in the model and an attribute of the run time.</summary>
internal static class LayerCatalog
{
    public const string Input = "Input", Parameter = "Parameter", Output = "Output", Network = "Network";

    private static readonly Dictionary<string, LayerKind> Kinds = new LayerKind[]
    {
        new(Input, Naming.Required, SourceReaders.Input),
        new(Parameter, Naming.Required, SourceReaders.Parameter),

        new("Conv", Naming.Required, ConvReaders.Conv),
        new("DepthwiseConv", Naming.Required, ConvReaders.DepthwiseConv),
        new("ConvTranspose", Naming.Required, ConvReaders.ConvTranspose),
        new("Linear", Naming.Required, ProductReaders.Linear),
        new("MatMul", Naming.Required, ProductReaders.MatMul),

        new("Relu", Naming.Refining, ActivationReaders.Plain(ActivationKind.Relu)),
        new("Relu6", Naming.Refining, ActivationReaders.Plain(ActivationKind.Relu6)),
        new("Sigmoid", Naming.Refining, ActivationReaders.Plain(ActivationKind.Sigmoid)),
        new("Tanh", Naming.Refining, ActivationReaders.Plain(ActivationKind.Tanh)),
        new("HardSwish", Naming.Refining, ActivationReaders.Plain(ActivationKind.HardSwish)),
        new("Softplus", Naming.Refining, ActivationReaders.Plain(ActivationKind.Softplus)),
        new("Exp", Naming.Refining, ActivationReaders.Plain(ActivationKind.Exp)),
        new("Sqrt", Naming.Refining, ActivationReaders.Plain(ActivationKind.Sqrt)),
        new("Sign", Naming.Refining, ActivationReaders.Plain(ActivationKind.Sign)),
        new("Binarize", Naming.Refining, ActivationReaders.Plain(ActivationKind.Binarize)),
        new("Quantize", Naming.Refining, ActivationReaders.Quantize),
        new("LeakyRelu", Naming.Refining, ActivationReaders.LeakyRelu),
        new("Elu", Naming.Refining, ActivationReaders.Elu),
        new("HardSigmoid", Naming.Refining, ActivationReaders.HardSigmoid),
        new("Clip", Naming.Refining, ActivationReaders.Clip),
        new("PRelu", Naming.Refining, ActivationReaders.PRelu),

        new("BatchNorm", Naming.Refining, NormReaders.BatchNorm),
        new("Dropout", Naming.Refining, NormReaders.Dropout),
        new("Identity", Naming.Refining, NormReaders.Identity),
        new("InstanceNorm", Naming.Ordinal, NormReaders.InstanceNorm),
        new("LocalResponseNorm", Naming.Ordinal, NormReaders.LocalResponseNorm),

        new("MaxPool", Naming.Ordinal, PoolReaders.Window(PoolKind.Max)),
        new("AveragePool", Naming.Ordinal, PoolReaders.Window(PoolKind.Average)),
        new("GlobalMaxPool", Naming.Ordinal, PoolReaders.Global(PoolKind.Max)),
        new("GlobalAveragePool", Naming.Ordinal, PoolReaders.Global(PoolKind.Average)),

        new("Add", Naming.Required, ArithmeticReaders.Of(BinaryKind.Add)),
        new("Sub", Naming.Required, ArithmeticReaders.Of(BinaryKind.Sub)),
        new("Mul", Naming.Required, ArithmeticReaders.Of(BinaryKind.Mul)),
        new("Div", Naming.Required, ArithmeticReaders.Of(BinaryKind.Div)),
        new("Min", Naming.Required, ArithmeticReaders.Of(BinaryKind.Min)),
        new("Max", Naming.Required, ArithmeticReaders.Of(BinaryKind.Max)),
        new("Pow", Naming.Required, ArithmeticReaders.Of(BinaryKind.Pow)),

        new("Concat", Naming.Required, ShapeReaders.Concat),
        new("Flatten", Naming.Ordinal, ShapeReaders.Flatten),
        new("Reshape", Naming.Required, ShapeReaders.Reshape),
        new("Transpose", Naming.Required, ShapeReaders.Transpose),
        new("Slice", Naming.Required, SliceReaders.Slice),
        new("Split", Naming.Required, SliceReaders.Split),
        new("Pad", Naming.Required, ResizeReaders.Pad),
        new("Resize", Naming.Required, ResizeReaders.Resize),
        new("Upsample", Naming.Required, ResizeReaders.Upsample),
        new("ChannelShuffle", Naming.Ordinal, RearrangeReaders.ChannelShuffle),
        new("DepthToSpace", Naming.Ordinal, RearrangeReaders.DepthToSpace),
        new("SpaceToDepth", Naming.Ordinal, RearrangeReaders.SpaceToDepth),

        new("Softmax", Naming.Ordinal, ReductionReaders.Softmax),
        new("LogSoftmax", Naming.Ordinal, ReductionReaders.LogSoftmax),
        new("ReduceMean", Naming.Required, ReductionReaders.ReduceMean),
    }.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Kinds.Keys;

    public static LayerKind? Find(string name) => Kinds.TryGetValue(name, out LayerKind? kind) ? kind : null;
}
