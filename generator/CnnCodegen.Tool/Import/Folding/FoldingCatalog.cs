using CnnCodegen.Tool.Import.Operators;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Folding;

/// <summary>Evaluates one ONNX node whose inputs are all constant.</summary>
internal delegate Tensor Folder(NodeContext node);

/// <summary>The ONNX operators that are evaluated during the import: what exporters compute shapes and prepare weights with.</summary>
internal static class FoldingCatalog
{
    public static IReadOnlyDictionary<string, Folder> Folders { get; } = new Dictionary<string, Folder>(StringComparer.Ordinal)
    {
        ["Constant"] = Constants.Constant,
        ["ConstantOfShape"] = Constants.ConstantOfShape,
        ["Range"] = Constants.Range,

        ["DequantizeLinear"] = Quantizations.Fold,

        ["Identity"] = node => node.Constant(0),
        ["Cast"] = Casts.Fold,
        ["Reshape"] = Reshapes.Fold,
        ["Flatten"] = Reshapes.Fold,
        ["Squeeze"] = Reshapes.Fold,
        ["Unsqueeze"] = Reshapes.Fold,
        ["Transpose"] = Transposes.Fold,
        ["Expand"] = Expansions.Fold,
        ["Concat"] = Concats.Fold,
        ["Slice"] = Slices.Fold,
        ["Gather"] = Gathers.Fold,

        ["Add"] = node => Arithmetic.Binary(node, (a, b) => a + b, (a, b) => a + b),
        ["Sub"] = node => Arithmetic.Binary(node, (a, b) => a - b, (a, b) => a - b),
        ["Mul"] = node => Arithmetic.Binary(node, (a, b) => a * b, (a, b) => a * b),
        ["Div"] = node => Arithmetic.Binary(node, (a, b) => a / b, Arithmetic.Divide),
        ["Min"] = node => Arithmetic.Binary(node, MathF.Min, Math.Min),
        ["Max"] = node => Arithmetic.Binary(node, MathF.Max, Math.Max),
        ["Equal"] = node => Arithmetic.Compare(node, (a, b) => a == b, (a, b) => a == b),
        ["Greater"] = node => Arithmetic.Compare(node, (a, b) => a > b, (a, b) => a > b),
        ["Less"] = node => Arithmetic.Compare(node, (a, b) => a < b, (a, b) => a < b),
        ["Where"] = Arithmetic.Where,
        ["Neg"] = node => Arithmetic.Unary(node, v => -v, v => -v),
        ["Floor"] = node => Arithmetic.Unary(node, MathF.Floor, v => v),
        ["Ceil"] = node => Arithmetic.Unary(node, MathF.Ceiling, v => v),
        ["Sqrt"] = node => Arithmetic.Unary(node, MathF.Sqrt, v => v),
        ["ReduceProd"] = Arithmetic.Product,
    };
}
