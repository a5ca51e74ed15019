using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Quantization;

/// <summary>Runs a float network on samples and says how to quantize some of its values: one scale and zero point each, 256 codes.</summary>
internal static class Calibration
{
    private const int MaxCode = byte.MaxValue;

    /// <param name="network">The network.</param>
    /// <param name="values">Indices of the values; inputs of the network may be among them.</param>
    /// <param name="samples">What it runs on.</param>
    /// <param name="method">How the ranges are chosen.</param>
    /// <param name="share">The share of the elements inside, for <see cref="CalibrationMethod.Percentile"/>.</param>
    /// <param name="isa">What to compile for.</param>
    /// <returns>The quantisation of each value.</returns>
    public static IReadOnlyDictionary<int, Activation> Grids(
        ImportedNetwork network, IReadOnlyList<int> values, IReadOnlyList<ReadOnlyMemory<float>[]> samples, CalibrationMethod method, double share, TargetIsa isa)
    {
        using SampleValues onSamples = new(network, [.. values], samples, isa);
        Dictionary<int, (double Low, double High)> ranges = values.ToDictionary(v => v, _ => (0.0, 0.0));
        onSamples.Visit((value, data) =>
        {
            foreach (float x in data) ranges[value] = (Math.Min(ranges[value].Low, x), Math.Max(ranges[value].High, x));
        });
        if (method != CalibrationMethod.MinMax)
        {
            Dictionary<int, Histogram> histograms = ranges.ToDictionary(r => r.Key, r => new Histogram(r.Value.Low, r.Value.High));
            onSamples.Visit((value, data) => histograms[value].Add(data));
            foreach ((int value, Histogram histogram) in histograms) ranges[value] = histogram.Range(method, share);
        }

        return ranges.ToDictionary(r => r.Key, r => Grid(r.Value.Low, r.Value.High));
    }

    /// <summary>The quantisation of a range, which it makes hold 0: 0 is a code, so that padding loses nothing.</summary>
    public static Activation Grid(double low, double high)
    {
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        float scale = (float)((high - low) / MaxCode);
        if (!(scale > 0)) return new Activation(ActivationKind.Quantize, 1) { High = MaxCode };
        return new Activation(ActivationKind.Quantize, scale, (float)Math.Clamp(Math.Round(-low / scale), 0, MaxCode)) { High = MaxCode };
    }
}
