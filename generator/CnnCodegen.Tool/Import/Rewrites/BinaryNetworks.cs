using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Rewrites;

/// <summary>
/// Finds binarised networks in their float form. A Sign whose argument is never 0 is a Binarize, and a layer that reads nothing but -1 and 1 and has
/// one magnitude of weights in each filter has weights of one bit; beside such layers, a convolution of floats like that has them too. ONNX's Sign
/// gives 0 at 0, which no bit holds: where the argument can be 0, everything stays as it is, and a note says why.
/// </summary>
internal static class BinaryNetworks
{
    /// <summary>Sums within this of the one that makes an argument 0, relative to it, may give 0 after rounding.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Changes layers in place, each behind those it reads.</summary>
    /// <returns>What was found, and what was not and why; a line each.</returns>
    public static IReadOnlyList<string> Recognise(IReadOnlyList<Draft> drafts)
    {
        HashSet<Draft> binary = [];
        List<Draft> floats = [];
        List<string> notes = [];
        int layers = 0, signs = 0;
        foreach (Draft draft in drafts)
        {
            switch (draft.Layer)
            {
                case WeightedLayer { Refinement: null } layer when binary.Contains(draft.Inputs[0]) && Magnitudes(draft) is not null:
                    draft.Layer = layer with { Refinement = new BinaryWeight() };
                    layers++;
                    break;
                case Conv { Refinement: null, Groups: 1 } when Magnitudes(draft) is { } magnitudes && draft.Weights[0].Data.Length > magnitudes.Length:
                    floats.Add(draft);
                    break;
                case Activation { Function: ActivationKind.Sign }:
                    if (ZeroArgument(draft.Inputs[0], binary, out bool needsIntegers) is { } reason)
                    {
                        notes.Add($"{Name(draft)} stays: {reason}, where ONNX's Sign is 0 and a bit cannot be.");
                        break;
                    }

                    if (needsIntegers) notes.Add($"{Name(draft)} is taken to read a sum of integers, as all its biases are halves: then its argument is never 0. Import with --keep-signs if the network's input holds fractions.");
                    draft.Layer = new Activation(ActivationKind.Binarize);
                    binary.Add(draft);
                    signs++;
                    break;
                case Activation { Function: ActivationKind.Binarize }:
                case Pool { Function: PoolKind.Max } or GlobalPool { Function: PoolKind.Max } or Reshape or Identity or Transpose or Slice when binary.Contains(draft.Inputs[0]):
                    binary.Add(draft);
                    break;
            }
        }

        if (signs == 0) return notes;
        foreach (Draft draft in floats) draft.Layer = (Conv)draft.Layer with { Refinement = new BinaryWeight() };
        string others = floats.Count > 0 ? $", and {floats.Count} of floats" : "";
        notes.Insert(0, $"{signs} Sign became Binarize, and {layers} convolutions and linear layers of binary activations{others} have weights of one bit.");
        return notes;
    }

    /// <summary>Why the argument of a Sign can be 0; null if it cannot.</summary>
    /// <param name="argument">The value.</param>
    /// <param name="binary">The values that are -1 or 1.</param>
    /// <param name="needsIntegers">That rests on the layer's input being integers.</param>
    private static string? ZeroArgument(Draft argument, HashSet<Draft> binary, out bool needsIntegers)
    {
        needsIntegers = false;
        Draft? norm = argument.Layer is BatchNorm ? argument : null;
        Draft layer = norm?.Inputs[0] ?? argument;
        if (layer.Layer is not WeightedLayer) return "its argument is not computed by a convolution or linear layer";
        if (Magnitudes(layer) is not { } magnitudes) return $"the layer before it has filters of more than one magnitude, and its argument can be 0";

        bool signs = binary.Contains(layer.Inputs[0]);
        needsIntegers = !signs;
        if (!signs && layer.Inputs[0].Layer is not Input) return "the layer before it reads a value that is not known to be binary, and its argument can be 0";

        int filter = layer.Weights[0].Data.Length / magnitudes.Length;

        // Zeros at the border leave terms out: whole pixels, of an even number of channels or not.
        bool parityHolds = layer.Layer is not Conv { Window.HasPadding: true } || layer.Weights[0].Data.Dims[1] % 2 == 0;
        for (int k = 0; k < magnitudes.Length; k++)
        {
            double root = Root(layer, norm, magnitudes[k], k), nearest = Math.Round(root) + 0.0;

            // The sum of n signs is as odd as n; of integers it may be anything.
            if (signs && parityHolds && (nearest - filter) % 2 != 0) nearest += root > nearest ? 1 : -1;
            bool reached = !(Math.Abs(root - nearest) > Tolerance * (1 + Math.Abs(root))) && !(signs && Math.Abs(nearest) > filter);
            if (reached) return FormattableString.Invariant($"a sum of {nearest} makes the argument 0 in channel {k}");
        }

        return null;
    }

    /// <summary>The sum of signs or integers at which a channel is 0.</summary>
    private static double Root(Draft layer, Draft? norm, double magnitude, int channel)
    {
        double bias = Weight(layer, "bias", channel);
        if (norm is null) return -bias / magnitude;
        double deviation = Math.Sqrt(Weight(norm, "running_var", channel) + ((BatchNorm)norm.Layer).Epsilon);
        return (Weight(norm, "running_mean", channel) - bias - (Weight(norm, "bias", channel) / Weight(norm, "weight", channel) * deviation)) / magnitude;
    }

    private static double Weight(Draft draft, string suffix, int channel) =>
        draft.Weights.Where(w => w.Suffix == suffix).Select(w => (double)w.Data.Floats[channel]).FirstOrDefault();

    /// <summary>The magnitude of each filter; null where one has several, or none.</summary>
    private static double[]? Magnitudes(Draft layer)
    {
        float[] weights = layer.Weights[0].Data.Floats;
        int filters = layer.Weights[0].Data.Dims[0], filter = weights.Length / filters;
        double[] magnitudes = new double[filters];
        for (int k = 0; k < filters; k++)
        {
            magnitudes[k] = Math.Abs(weights[k * filter]);
            if (!(magnitudes[k] > 0) || weights.AsSpan(k * filter, filter).ContainsAnyExcept((float)magnitudes[k], -(float)magnitudes[k])) return null;
        }

        return magnitudes;
    }

    private static string Name(Draft draft) => draft.NodeName.Length > 0 ? $"Sign '{draft.NodeName}'" : $"the Sign that makes '{draft.ValueName}'";
}
