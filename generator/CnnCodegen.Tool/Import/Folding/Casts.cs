using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Folding;

/// <summary>Cast of a constant.</summary>
internal static class Casts
{
    public static Tensor Fold(NodeContext node)
    {
        Tensor x = node.Constant(0);
        DataType to = (DataType)node.Int("to", 0);
        switch (to)
        {
            case DataType.Float or DataType.Double:
                return x.ToFloats();
            case DataType.Bool:
                return Tensor.Of(x.Dims, x.IsFloat ? Array.ConvertAll(x.Floats, v => v != 0 ? 1L : 0) : Array.ConvertAll(x.Integers, v => v != 0 ? 1L : 0));
            case DataType.Int64:
                return x.IsFloat ? Truncate(x, long.MinValue, long.MaxValue) : x;
            case DataType.Int32:
                return x.IsFloat ? Truncate(x, int.MinValue, int.MaxValue) : Tensor.Of(x.Dims, Array.ConvertAll(x.Integers, v => (long)(int)v));
            default:
                throw ImportException.Unsupported($"it converts to {to}; float, int32, int64 and bool are supported");
        }
    }

    private static Tensor Truncate(Tensor x, long low, long high)
    {
        if (x.Floats.Any(v => !(v >= low && v <= high))) throw new ImportException("it converts a float that no integer holds");
        return Tensor.Of(x.Dims, Array.ConvertAll(x.Floats, v => (long)v));
    }
}
