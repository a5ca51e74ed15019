using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>Recognises constants that hold one value per channel.</summary>
internal static class Channels
{
    /// <summary>The other operand of a two-operand layer that reads <typeparamref name="T"/> and a constant with one value per channel of it.</summary>
    public static (Draft Source, float[] Values)? Match<T>(Draft binary, BinaryKind kind) where T : Layer
    {
        if (binary.Layer is not Binary { Function: var function } || function != kind) return null;
        foreach ((Draft source, Draft constant) in new[] { (binary.Inputs[0], binary.Inputs[1]), (binary.Inputs[1], binary.Inputs[0]) })
            if (source.Layer is T && constant.Layer is Parameter && IsPerChannel(constant.Shape, source.Shape))
                return (source, constant.Weights[0].Data.Floats);
        return null;
    }

    private static bool IsPerChannel(TensorShape constant, TensorShape x)
    {
        int axis = 1 - (x.Rank - constant.Rank);
        return axis >= 0 && axis < constant.Rank && constant[axis] == x[1] && constant.Elements == x[1];
    }

    public static Tensor Vector(float[] values) => Tensor.Of([values.Length], values);
}
