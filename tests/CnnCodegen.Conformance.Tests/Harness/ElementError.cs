using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>Bounds for functions of single elements.</summary>
internal static class ElementError
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>What library functions of float32 vectors may lose.</summary>
    private const double Relative = 1e-5, Absolute = 1e-6;

    /// <param name="layer">The function.</param>
    /// <param name="x">What it reads.</param>
    /// <param name="value">Its exact value.</param>
    /// <param name="apply">The function on the oracle.</param>
    public static ReferenceTensor Of(Activation layer, Bounded x, ReferenceTensor value, Func<ReferenceTensor, ReferenceTensor> apply)
    {
        (double alpha, double beta) = (Math.Abs((double)layer.Alpha), Math.Abs((double)layer.Beta));
        bool rounds = !(layer.Function switch
        {
            ActivationKind.Relu or ActivationKind.Relu6 or ActivationKind.Clip or ActivationKind.Sign or ActivationKind.Binarize => true,
            ActivationKind.Affine or ActivationKind.LeakyRelu => x.Quantum > 0 && Scale(alpha) * Scale(beta) is > 0 and var scale
                && Bounded.Holds(x.Quantum * scale, x.Magnitude.Map(m => (m * Math.Max(1, alpha)) + beta)),
            ActivationKind.Quantize => x.Quantum > 0 && layer.Levels == 0 && Scale(alpha) == alpha,
            _ => false,
        });
        ReferenceTensor lost = layer.Function switch
        {
            _ when !rounds => ReferenceTensor.Zeros(value.Shape),
            ActivationKind.Affine or ActivationKind.LeakyRelu or ActivationKind.HardSigmoid or ActivationKind.HardSwish =>
                x.Magnitude.Map(m => 8 * Unit * ((m * (1 + alpha)) + beta)),
            ActivationKind.Quantize => value.Map(y => 2 * Unit * Math.Abs(y)),
            _ => value.Map(y => (Math.Abs(y) * Relative) + Absolute),
        };
        if (x.IsExact && !(layer.Function == ActivationKind.Quantize && rounds)) return lost;

        // The quotient of a quantisation is rounded, and may fall on the other side of a step.
        if (layer.Function == ActivationKind.Quantize) x = x with { Error = Bounded.Zip(x.Error, x.Magnitude, (e, m) => double.IsFinite(m) ? e + (2 * Unit * m) : e) };

        // Between the ends of an interval a monotone or convex function is nowhere further from its value; hard swish falls and rises.
        ReferenceTensor spread = layer.Function == ActivationKind.HardSwish
            ? x.Error.Map(e => 1.5 * e)
            : Bounded.Zip(
                Bounded.Zip(apply(Bounded.Zip(x.Value, x.Error, (v, e) => v - e)), value, (end, y) => Math.Abs(end - y)),
                Bounded.Zip(apply(Bounded.Zip(x.Value, x.Error, (v, e) => v + e)), value, (end, y) => Math.Abs(end - y)),
                Math.Max);
        return Bounded.Zip(spread, lost, (a, b) => a + b);
    }

    /// <summary>A function of two values that broadcast.</summary>
    public static ReferenceTensor Of(BinaryKind kind, Bounded a, Bounded b, ReferenceTensor value)
    {
        ReferenceTensor errors(Func<double, double, double> f) => Broadcasting.Apply(a.Error, b.Error, f);
        ReferenceTensor magnitudes(Func<double, double, double> f) => Broadcasting.Apply(a.Magnitude, b.Magnitude, f);
        switch (kind)
        {
            case BinaryKind.Min or BinaryKind.Max:
                return errors(Math.Max);
            case BinaryKind.Add or BinaryKind.Sub:
                ReferenceTensor sum = magnitudes((x, y) => x + y);
                return Bounded.Holds(Math.Min(a.Quantum, b.Quantum), sum) ? ReferenceTensor.Zeros(value.Shape)
                    : Bounded.Zip(errors((x, y) => x + y), sum, (e, m) => e + (Unit * m));
            case BinaryKind.Mul:
                ReferenceTensor product = magnitudes((x, y) => x * y);
                return Bounded.Holds(a.Quantum * b.Quantum, product) ? ReferenceTensor.Zeros(value.Shape)
                    : Bounded.Zip(product, value, (m, y) => m - Math.Abs(y) + (2 * Unit * m));
            case BinaryKind.Div:
                ReferenceTensor least = Broadcasting.Apply(a.Magnitude, Bounded.Zip(b.Value, b.Error, (y, e) => Math.Max(0, Math.Abs(y) - e)), (m, d) => m / d);
                return Bounded.Zip(least, value, (m, q) => m - Math.Abs(q) + (2 * Unit * m));
            case BinaryKind.Pow when b.IsExact:
                ReferenceTensor moved = Broadcasting.Apply(Bounded.Zip(a.Error, a.Value, (e, x) => e / Math.Max(Math.Abs(x) - e, 1e-30)), b.Value, (e, y) => e == 0 ? 0 : e * Math.Abs(y));
                return Bounded.Zip(value, moved, (y, e) => y == 0 ? Absolute : (Math.Abs(y) * (Relative + (2 * e))) + Absolute);
            default:
                throw new NotSupportedException($"no error bound for {kind} of a rounded exponent");
        }
    }

    /// <param name="x">What the layer reads.</param>
    /// <param name="value">Its exact value.</param>
    /// <param name="slopeQuantum">What all slopes are multiples of.</param>
    /// <param name="absolute">The layer with the magnitudes of its slopes, on the oracle.</param>
    public static ReferenceTensor PRelu(Bounded x, ReferenceTensor value, double slopeQuantum, Func<ReferenceTensor, ReferenceTensor> absolute)
    {
        ReferenceTensor steepest(ReferenceTensor v) => Bounded.Zip(v, absolute(v.Map(e => -e)), (e, below) => Math.Max(e, -below));
        ReferenceTensor magnitude = steepest(x.Magnitude);
        if (Bounded.Holds(x.Quantum * slopeQuantum, magnitude)) return ReferenceTensor.Zeros(value.Shape);
        return Bounded.Zip(steepest(x.Error), magnitude, (e, m) => e + (Unit * m));
    }

    /// <summary>The power of two that a scalar is a multiple of.</summary>
    private static double Scale(double value) => Bounded.QuantumOf(new ReferenceTensor([], [value]));
}
