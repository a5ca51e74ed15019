using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>
/// A batch norm followed by a factor or a summand per channel (Caffe's BatchNorm and Scale) is one batch norm:
/// (n * weight + bias) * s + t = n * (weight * s) + (bias * s + t).
/// </summary>
internal static class ChannelScales
{
    public static bool Apply(Draft end, Func<Draft, bool> isOnlyRead)
    {
        bool scales = true;
        (Draft Source, float[] Values)? match = Channels.Match<BatchNorm>(end, BinaryKind.Mul);
        if (match is null)
        {
            scales = false;
            match = Channels.Match<BatchNorm>(end, BinaryKind.Add);
        }

        if (match is not ({ } norm, { } values) || !isOnlyRead(norm)) return false;
        end.Become(norm, norm.Layer, [.. norm.Weights.Select(w => w.Suffix switch
        {
            "weight" when scales => (w.Suffix, Channels.Vector([.. w.Data.Floats.Zip(values, (a, b) => a * b)])),
            "bias" => (w.Suffix, Channels.Vector([.. w.Data.Floats.Zip(values, (a, b) => scales ? a * b : a + b)])),
            _ => w,
        })]);
        return true;
    }
}
