using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>
/// A bound in front of a quantisation becomes a bound of its codes, so that one activation is left: rounding is monotone, and a bound
/// rounds to a code. Bounds that exclude 0 stay, since the zero point has to be a code.
/// </summary>
internal static class MergeClamps
{
    public static NetworkModel Apply(NetworkModel model)
    {
        Node[] nodes = model.Nodes.ToArray();
        int[] uses = model.UseCounts();
        for (int i = 0; i < nodes.Length; i++)
        {
            while (nodes[i].Layer is Activation { Function: ActivationKind.Quantize } quantize
                && uses[nodes[i].Inputs[0]] == 1 && nodes[nodes[i].Inputs[0]] is { Layer: Activation bound } before && Merge(quantize, bound) is { } merged)
            {
                nodes[i] = nodes[i] with { Layer = merged, Inputs = before.Inputs };
            }
        }

        return model with { Nodes = nodes.ToEquatableArray() };
    }

    /// <summary>The quantisation of bounded values; null where no quantisation gives the same.</summary>
    private static Activation? Merge(Activation quantize, Activation bound) => bound.Function switch
    {
        ActivationKind.Relu => Between(quantize, 0, float.PositiveInfinity),
        ActivationKind.Relu6 => Between(quantize, 0, 6),
        ActivationKind.Clip => Between(quantize, bound.Alpha, bound.Beta),
        _ => null,
    };

    private static Activation? Between(Activation quantize, float least, float greatest)
    {
        double zero = quantize.Beta, low = Math.Max(quantize.Low, zero + Round(least)), high = Math.Min(quantize.High, zero + Round(greatest));
        return low <= zero && zero <= high ? quantize with { Low = (int)low, High = (int)high } : null;

        // As the quantisation rounds: the quotient to a float, that to even.
        double Round(float value) => Math.Round(quantize.Levels > 0 ? value * quantize.Levels : (float)(value / quantize.Alpha), MidpointRounding.ToEven);
    }
}
