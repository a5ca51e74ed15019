using CnnCodegen.Tool.Import.Operators;

namespace CnnCodegen.Tool.Import;

/// <summary>Makes the layers of one ONNX node and returns its outputs; outputs that it does not return are not supported.</summary>
internal delegate IReadOnlyList<Value> OperatorImporter(NodeContext node);

/// <summary>The ONNX operators that become layers.</summary>
internal static class OperatorCatalog
{
    public static IReadOnlyDictionary<string, OperatorImporter> Importers { get; } = new Dictionary<string, OperatorImporter>(StringComparer.Ordinal)
    {
        ["Conv"] = Convolutions.Conv,
        ["ConvTranspose"] = Convolutions.ConvTranspose,
        ["Gemm"] = Products.Gemm,
        ["MatMul"] = Products.MatMul,

        ["MaxPool"] = Pools.Max,
        ["AveragePool"] = Pools.Average,
        ["GlobalAveragePool"] = Pools.GlobalAverage,
        ["GlobalMaxPool"] = Pools.GlobalMax,
        ["ReduceMean"] = Reductions.Mean,

        ["BatchNormalization"] = Normalizations.Batch,
        ["InstanceNormalization"] = Normalizations.Instance,
        ["LRN"] = Normalizations.LocalResponse,
        ["Softmax"] = Softmaxes.Softmax,
        ["LogSoftmax"] = Softmaxes.LogSoftmax,

        ["Relu"] = Activations.Relu,
        ["Clip"] = Activations.Clip,
        ["LeakyRelu"] = Activations.LeakyRelu,
        ["PRelu"] = Activations.PRelu,
        ["Elu"] = Activations.Elu,
        ["Sigmoid"] = Activations.Sigmoid,
        ["HardSigmoid"] = Activations.HardSigmoid,
        ["HardSwish"] = Activations.HardSwish,
        ["Tanh"] = Activations.Tanh,
        ["Softplus"] = Activations.Softplus,
        ["Exp"] = Activations.Exp,
        ["Sqrt"] = Activations.Sqrt,
        ["Sign"] = Activations.Sign,
        ["Neg"] = Activations.Neg,
        ["Abs"] = Activations.Abs,
        ["Reciprocal"] = Activations.Reciprocal,

        ["Add"] = Elementwise.Add,
        ["Sub"] = Elementwise.Sub,
        ["Mul"] = Elementwise.Mul,
        ["Div"] = Elementwise.Div,
        ["Pow"] = Elementwise.Pow,
        ["Min"] = Elementwise.Min,
        ["Max"] = Elementwise.Max,
        ["Sum"] = Elementwise.Add,

        ["QuantizeLinear"] = Quantizations.Quantize,
        ["DequantizeLinear"] = Quantizations.Dequantize,
        ["QLinearConv"] = Quantizations.Conv,
        ["QLinearMatMul"] = Quantizations.MatMul,
        ["ConvInteger"] = IntegerProducts.Conv,
        ["MatMulInteger"] = IntegerProducts.MatMul,

        ["Reshape"] = Reshapes.Import,
        ["Flatten"] = Reshapes.Import,
        ["Squeeze"] = Reshapes.Import,
        ["Unsqueeze"] = Reshapes.Import,
        ["Transpose"] = Transposes.Import,
        ["Expand"] = Expansions.Import,
        ["Concat"] = Concats.Import,
        ["Slice"] = Slices.Import,
        ["Split"] = Splits.Import,
        ["Gather"] = Gathers.Import,
        ["Pad"] = Pads.Import,
        ["Resize"] = Resizes.Resize,
        ["Upsample"] = Resizes.Upsample,
        ["DepthToSpace"] = BlockMoves.DepthToSpace,
        ["SpaceToDepth"] = BlockMoves.SpaceToDepth,

        ["Identity"] = PassThrough.Identity,
        ["Dropout"] = PassThrough.Dropout,
        ["Cast"] = PassThrough.Cast,
        ["Shape"] = ShapeQueries.Shape,
        ["Size"] = ShapeQueries.Size,
    };
}
