using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>
/// Bounds for layers that are linear in their inputs: |error| &lt;= L u / (1 - L u) * sum |w| |x| for L roundings of unit u = 2^-24,
/// in any order and with or without fused multiply-adds (Higham 2002, section 3.1).
/// </summary>
/// <param name="layer">The layer on the oracle.</param>
/// <param name="absolute">The same with the magnitudes of its weights.</param>
internal readonly struct LinearError(ReferenceLayer layer, ReferenceLayer absolute)
{
    /// <summary>Roundings beside those of the products and sums: folded norms, divisions, interpolation weights.</summary>
    private const int Extra = 8;

    /// <summary>The bound of <paramref name="count"/> roundings relative to the sum of magnitudes.</summary>
    public static double Gamma(long count)
    {
        double roundings = count * Math.Pow(2, -24);
        return roundings / (1 - roundings);
    }

    /// <summary>Sums of products with weights, or of two inputs.</summary>
    public ReferenceTensor Sum(Node node, Bounded[] x, double weightQuantum)
    {
        ReferenceTensor magnitude = absolute.Apply(node.Layer, [.. x.Select(input => input.Magnitude)]);
        double quantum = x.Aggregate(weightQuantum, (product, input) => product * input.Quantum);
        if (Bounded.Holds(quantum, magnitude)) return ReferenceTensor.Zeros(magnitude.Shape);
        long terms = node.Layer switch
        {
            Conv conv => x[0].Value.Shape[1] / conv.Groups * Size(conv.Window),
            ConvTranspose conv => x[0].Value.Shape[1] / conv.Groups * Size(conv.Window),
            Generator.Model.Linear => Generator.Model.Linear.InFeatures(TensorShape.Of(x[0].Value.Shape)),
            _ => x[0].Value.Shape[^1],
        };
        return Total(node, x, magnitude, terms);
    }

    /// <summary>
    /// Convolutions by way of another domain: an output is as wrong as the largest of its plane. The factor bounds the worst case, in
    /// which all roundings conspire; they cancel each other to about its square root.
    /// </summary>
    public ReferenceTensor Transformed(Node node, Bounded[] x, double amplification)
    {
        ReferenceTensor total = Total(node, x, absolute.Apply(node.Layer, [.. x.Select(input => input.Magnitude)]), 0);
        ReferenceTensor largest = absolute.Apply(node.Layer, [.. x.Select(input => input.Magnitude)]);
        double unit = 2 * Math.Pow(2, -24) * Math.Sqrt(amplification);
        int plane = largest.Plane;
        double[] planes = [.. largest.Data.Chunk(plane).Select(values => values.Where(double.IsFinite).DefaultIfEmpty(0).Max())];
        return new ReferenceTensor(total.Shape, [.. total.Data.Select((error, i) => error + (unit * planes[i / plane]))]);
    }

    /// <summary>Means, also weighted ones.</summary>
    public ReferenceTensor Mean(Node node, Bounded x)
    {
        if (node.Layer is not Resize) return Total(node, [x], absolute.Apply(node.Layer, [x.Magnitude]), x.Value.Data.Length);

        // A rounded interpolation weight near 0 is wrong by as much as one near 1.
        double largest = x.Magnitude.Data.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return layer.Apply(node.Layer, [x.Error]).Map(error => error + (Gamma(Extra) * largest));
    }

    private ReferenceTensor Total(Node node, Bounded[] x, ReferenceTensor magnitude, long terms)
    {
        double gamma = Gamma(terms + Extra);
        if (x.All(input => input.IsExact)) return magnitude.Map(m => gamma * m);
        ReferenceTensor values = absolute.Apply(node.Layer, [.. x.Select(input => input.Value.Map(Math.Abs))]);
        return Bounded.Zip(magnitude, values, (m, v) => m - v + (gamma * m));
    }

    private static long Size(Window window) => window.Kernel.Aggregate(1L, (product, size) => product * size);
}
