using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>min(max(x + 3, 0), 6) / 6, as exporters write the hard sigmoid.</summary>
internal static class HardSigmoids
{
    public static Activation Layer { get; } = new(ActivationKind.HardSigmoid, 1f / 6, 0.5f);

    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        if (Sixth(end) is not { } clipped || !isOnlyRead(clipped) || Clipped(clipped, isOnlyRead) is not { } x) return false;
        end.Layer = Layer;
        end.Inputs = [x];
        return true;
    }

    /// <summary>y, where the layer computes y / 6.</summary>
    public static Draft? Sixth(Draft draft) => draft.Layer switch
    {
        Activation { Function: ActivationKind.Affine, Beta: 0 } scale when MathF.Abs(scale.Alpha - (1f / 6)) < 4e-8f => draft.Inputs[0],
        Binary { Function: BinaryKind.Div } when draft.Inputs[1].Layer is Parameter && draft.Inputs[1].Weights[0].Data is { Length: 1 } six && six.Floats[0] == 6 => draft.Inputs[0],
        _ => null,
    };

    /// <summary>x, where the layer computes min(max(x + 3, 0), 6).</summary>
    public static Draft? Clipped(Draft draft, Func<Draft, bool> isOnlyRead)
    {
        if (draft.Layer is not Activation { Function: ActivationKind.Relu6 }) return null;
        Draft sum = draft.Inputs[0];
        return sum.Layer is Activation { Function: ActivationKind.Affine, Alpha: 1, Beta: 3 } && isOnlyRead(sum) ? sum.Inputs[0] : null;
    }
}
