using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>Bounds for layers that normalise.</summary>
internal static class NormError
{
    private const double Relative = 1e-5, Absolute = 1e-6;

    /// <summary>A scale and a shift per channel.</summary>
    public static ReferenceTensor Batch(BatchNorm layer, Bounded x, Func<string, double[]> weights)
    {
        double[] mean = weights("running_mean"), shift = weights("bias");
        double[] scale = [.. weights("weight").Zip(weights("running_var"), (w, variance) => w / Math.Sqrt(variance + layer.Epsilon))];
        double[] magnitudes = new double[x.Value.Data.Length];
        ReferenceTensor error = ReferenceTensor.Zeros(x.Value.Shape);
        for (int i = 0; i < magnitudes.Length; i++)
        {
            int c = i / x.Value.Plane % scale.Length;
            magnitudes[i] = (Math.Abs(scale[c]) * (x.Magnitude.Data[i] + Math.Abs(mean[c]))) + Math.Abs(shift[c]);
            error.Data[i] = (Math.Abs(scale[c]) * x.Error.Data[i]) + (LinearError.Gamma(8) * magnitudes[i]);
        }

        double quantum = x.Quantum * new[] { scale, mean, shift }.Aggregate(1.0, (q, data) => q * Bounded.QuantumOf(new ReferenceTensor([data.Length], data)));
        return Bounded.Holds(quantum, new ReferenceTensor(x.Value.Shape, magnitudes)) ? ReferenceTensor.Zeros(x.Value.Shape) : error;
    }

    /// <summary>Mean and variance move with the errors of a plane; rounding moves them as errors of its values would.</summary>
    public static ReferenceTensor Instance(InstanceNorm layer, Bounded x, ReferenceTensor value, Func<string, double[]> weights)
    {
        int plane = x.Value.Plane, channels = x.Value.Shape[1];
        ReferenceTensor normal = Normalisation.Instance(x.Value, null, null, layer.Epsilon), error = ReferenceTensor.Zeros(value.Shape);
        double[] scale = layer.Affine ? weights("weight") : [.. Enumerable.Repeat(1.0, channels)];
        for (int first = 0; first < error.Data.Length; first += plane)
        {
            double[] values = x.Value.Data[first..(first + plane)];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + layer.Epsilon);
            double moved = x.Error.Data[first..(first + plane)].Max() + (LinearError.Gamma(plane + 8) * values.Max(Math.Abs));
            for (int i = first; i < first + plane; i++)
            {
                double own = Math.Abs(scale[first / plane % channels]);
                error.Data[i] = (own * 2 * moved / deviation * (1 + Math.Abs(normal.Data[i]))) + (Relative * ((own * Math.Abs(normal.Data[i])) + Math.Abs(value.Data[i])));
            }
        }

        return error;
    }

    /// <summary>No neighbour moves the result by more than beta times its own error, and the element itself by less than one.</summary>
    public static ReferenceTensor LocalResponse(LocalResponseNorm layer, Bounded x, ReferenceTensor value)
    {
        double steepest = Math.Pow(layer.K, -layer.Beta) * (1 + (2 * layer.Beta * layer.Size));
        return value.Map(y => (steepest * x.MaxError) + (Relative * Math.Abs(y)) + Absolute);
    }

    public static ReferenceTensor Softmax(Softmax layer, Bounded x, ReferenceTensor value)
    {
        double moved = 2 * x.MaxError;
        return layer.Log
            ? Bounded.Zip(value, x.Magnitude, (y, m) => moved + (Relative * (Math.Abs(y) + m)) + Absolute)
            : value.Map(y => (y * (Math.Exp(moved) - 1)) + (Relative * y) + Absolute);
    }
}
