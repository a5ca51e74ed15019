using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>A reshape that only another reshape reads, or that flattens for a layer which flattens by itself, goes.</summary>
internal static class ReshapeChains
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        if (end.Layer is not (Reshape or Linear)) return false;
        Draft inner = end.Inputs[0];
        if (inner.Layer is not Reshape || !isOnlyRead(inner)) return false;
        TensorShape x = inner.Inputs[0].Shape;
        if (end.Layer is Linear && (x.Rank < 2 || x[0] != inner.Shape[0])) return false;
        end.Inputs = inner.Inputs;
        return true;
    }
}
