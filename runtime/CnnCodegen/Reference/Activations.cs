namespace CnnCodegen.Reference;

/// <summary>Element-wise functions, for <see cref="ReferenceTensor.Map"/>. NaN stays NaN in every one.</summary>
public static class Activations
{
    /// <summary>max(x, 0)</summary>
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>min(max(x, 0), 6)</summary>
    public static double Relu6(double x) => Clip(x, 0, 6);

    /// <summary>min(max(x, min), max)</summary>
    public static double Clip(double x, double min, double max) => Math.Min(Math.Max(x, min), max);

    /// <summary>x for x >= 0, otherwise slope * x; the element-wise part of PReLU, too.</summary>
    public static double LeakyRelu(double x, double slope) => x >= 0 ? x : slope * x;

    /// <summary>x for x >= 0, otherwise alpha * (exp(x) - 1)</summary>
    public static double Elu(double x, double alpha) => x >= 0 ? x : alpha * ExpMinus1(x);

    /// <summary>1 / (1 + exp(-x))</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>max(0, min(1, alpha * x + beta))</summary>
    public static double HardSigmoid(double x, double alpha, double beta) => Clip((alpha * x) + beta, 0, 1);

    /// <summary>x * max(0, min(1, x / 6 + 1/2))</summary>
    public static double HardSwish(double x) => x * HardSigmoid(x, 1.0 / 6, 0.5);

    /// <summary>ln(1 + exp(x)), as max(x, 0) + ln(1 + exp(-|x|)), which does not overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogPlus1(Math.Exp(-Math.Abs(x)));

    /// <summary>e to the x.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>Square root; NaN for a negative value.</summary>
    public static double Sqrt(double x) => Math.Sqrt(x);

    /// <summary>-1, 0 or 1; sign(0) = 0.</summary>
    public static double Sign(double x) => x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : double.NaN;

    /// <summary>-1 or 1; 1 for both zeros.</summary>
    public static double Binarize(double x) => x >= 0 ? 1 : x < 0 ? -1 : double.NaN;

    /// <summary>The nearest of the multiples of scale from low * scale to high * scale; x / scale is rounded to even between two.</summary>
    public static double Quantize(double x, double scale, double low, double high) => Clip(Math.Round(x / scale), low, high) * scale;

    /// <summary>The nearest of the multiples of 1 / levels from low / levels to high / levels; x * levels is rounded to even between two.</summary>
    public static double Quantize(double x, int levels, double low, double high) => Clip(Math.Round(x * levels), low, high) / levels;

    /// <summary>x * alpha + beta</summary>
    public static double Affine(double x, double alpha, double beta) => (x * alpha) + beta;

    /// <summary>x to the power alpha; unlike IEEE's function, NaN to the power 0 is NaN.</summary>
    public static double Pow(double x, double alpha) => double.IsNaN(x) ? x : Math.Pow(x, alpha);

    // exp(x) - 1 and ln(1 + x) without the cancellation at small x: the rounding error of 1 + x is divided out (Kahan).
    private static double ExpMinus1(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : u == 0 ? -1 : (u - 1) * (x / Math.Log(u));
    }

    private static double LogPlus1(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * (x / (u - 1));
    }
}
