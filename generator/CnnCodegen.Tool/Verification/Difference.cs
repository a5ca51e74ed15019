using System.Globalization;

namespace CnnCodegen.Tool.Verification;

/// <summary>How far a value may be from the expected one: <c>Absolute + Relative * |expected|</c>.</summary>
internal readonly record struct Tolerance(double Absolute, double Relative);

/// <summary>The largest differences between two tensors.</summary>
/// <param name="Absolute">Largest |actual - expected|.</param>
/// <param name="Relative">Largest |actual - expected| / |expected|, where that is not 0.</param>
/// <param name="Wrong">How many elements differ by more than the tolerance.</param>
internal readonly record struct Difference(double Absolute, double Relative, int Wrong)
{
    /// <summary>Compares as many elements; NaN equals NaN, and an infinity equals itself.</summary>
    public static Difference Of(ReadOnlySpan<float> actual, Func<int, double> expected, Tolerance tolerance)
    {
        Difference worst = default;
        for (int i = 0; i < actual.Length; i++)
        {
            double a = actual[i], e = expected(i);
            if (a.Equals(e) || (float)e == actual[i]) continue;
            double error = double.IsFinite(a) && double.IsFinite(e) ? Math.Abs(a - e) : double.PositiveInfinity;
            double relative = e == 0 ? 0 : double.IsInfinity(error) ? error : error / Math.Abs(e);
            bool wrong = error > tolerance.Absolute + (tolerance.Relative * Math.Abs(e)) || double.IsInfinity(error);
            worst = new Difference(Math.Max(worst.Absolute, error), Math.Max(worst.Relative, relative), worst.Wrong + (wrong ? 1 : 0));
        }

        return worst;
    }

    /// <summary>The larger of both errors, the sum of the wrong elements.</summary>
    public Difference Max(Difference other) => new(Math.Max(Absolute, other.Absolute), Math.Max(Relative, other.Relative), Wrong + other.Wrong);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"largest absolute error {Absolute:G3}, relative {Relative:G3}");
}
