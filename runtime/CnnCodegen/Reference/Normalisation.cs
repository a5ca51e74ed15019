namespace CnnCodegen.Reference;

/// <summary>Normalisation of tensors with batch first and channels second.</summary>
public static class Normalisation
{
    /// <summary><c>y = (x - mean[c]) / sqrt(variance[c] + epsilon) * weight[c] + bias[c]</c>.</summary>
    /// <param name="x">N x C x anything.</param>
    /// <param name="weight">C.</param>
    /// <param name="bias">C.</param>
    /// <param name="mean">C.</param>
    /// <param name="variance">C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static ReferenceTensor Batch(ReferenceTensor x, ReferenceTensor weight, ReferenceTensor bias, ReferenceTensor mean, ReferenceTensor variance, double epsilon) =>
        PerElement(x, (value, c, _) => ((value - mean[c]) / Math.Sqrt(variance[c] + epsilon) * weight[c]) + bias[c]);

    /// <summary>
    /// <c>y = (x - m) / sqrt(v + epsilon) * weight[c] + bias[c]</c>, m and v being mean and (biased) variance of the element's own plane.
    /// </summary>
    /// <param name="x">N x C x spatial.</param>
    /// <param name="weight">C, or null for ones.</param>
    /// <param name="bias">C, or null for zeros.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static ReferenceTensor Instance(ReferenceTensor x, ReferenceTensor? weight, ReferenceTensor? bias, double epsilon)
    {
        int planes = x.Shape[0] * x.Shape[1], size = x.Plane;
        double[] mean = new double[planes], variance = new double[planes];
        for (int p = 0; p < planes; p++)
        {
            double[] plane = x.Data[(p * size)..((p + 1) * size)];
            mean[p] = plane.Average();
            variance[p] = plane.Average(value => (value - mean[p]) * (value - mean[p]));
        }

        return PerElement(x, (value, c, p) => ((value - mean[p]) / Math.Sqrt(variance[p] + epsilon) * (weight?[c] ?? 1)) + (bias?[c] ?? 0));
    }

    /// <summary>
    /// <c>y[n,c,i] = x[n,c,i] / (k + alpha / size * sum of x[n,j,i]^2)^beta</c>, j from <c>c - floor((size - 1) / 2)</c> to
    /// <c>c + ceil((size - 1) / 2)</c> as far as there are channels (ONNX LRN).
    /// </summary>
    public static ReferenceTensor LocalResponse(ReferenceTensor x, int size, double alpha, double beta, double k)
    {
        int channels = x.Shape[1], plane = x.Plane;
        ReferenceTensor y = ReferenceTensor.Zeros(x.Shape);
        for (int i = 0; i < y.Data.Length; i++)
        {
            int c = i / plane % channels;
            double squares = 0;
            for (int j = Math.Max(0, c - ((size - 1) / 2)); j <= Math.Min(channels - 1, c + (size / 2)); j++)
                squares += Math.Pow(x.Data[i + ((j - c) * plane)], 2);
            y.Data[i] = x.Data[i] / Math.Pow(k + (alpha / size * squares), beta);
        }

        return y;
    }

    private static ReferenceTensor PerElement(ReferenceTensor x, Func<double, int, int, double> element)
    {
        ReferenceTensor y = ReferenceTensor.Zeros(x.Shape);
        int size = x.Plane;
        for (int i = 0; i < y.Data.Length; i++) y.Data[i] = element(x.Data[i], i / size % x.Shape[1], i / size);

        return y;
    }
}
