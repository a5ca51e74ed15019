using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>The hard swish, written as x * hardsigmoid(x) or as (x * min(max(x + 3, 0), 6)) / 6.</summary>
internal static class HardSwishes
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        Draft? x = Product(end, gate => gate.Layer == HardSigmoids.Layer ? gate.Inputs[0] : null, isOnlyRead);
        if (x is null && HardSigmoids.Sixth(end) is { } product && isOnlyRead(product))
            x = Product(product, gate => HardSigmoids.Clipped(gate, isOnlyRead), isOnlyRead);
        if (x is null) return false;
        end.Layer = new Activation(ActivationKind.HardSwish);
        end.Inputs = [x];
        return true;
    }

    /// <summary>x, where the layer computes x * gate(x) and nobody else reads the gate.</summary>
    private static Draft? Product(Draft draft, Func<Draft, Draft?> gateInput, Func<Draft, bool> isOnlyRead)
    {
        if (draft.Layer is not Binary { Function: BinaryKind.Mul }) return null;
        foreach ((Draft x, Draft gate) in new[] { (draft.Inputs[0], draft.Inputs[1]), (draft.Inputs[1], draft.Inputs[0]) })
            if (gateInput(gate) == x && isOnlyRead(gate)) return x;
        return null;
    }
}
