using System.Runtime.CompilerServices;
using Floats = System.Runtime.Intrinsics.Vector512<float>;
using Ints = System.Runtime.Intrinsics.Vector512<int>;
using Vector = System.Runtime.Intrinsics.Vector512;

namespace CnnCodegen.Execution;

/// <content>Vectors of 512 bits.</content>
public static partial class VectorFunctions
{
    /// <summary>e to the x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Exp(Floats x)
    {
        x = Bounded(x, ExpMin, ExpMax);
        Floats n = Exponent(x);
        Ints whole = Vector.ConvertToInt32Native(n), half = whole >> 1;
        return (RestMinus1(x, n) + Floats.One) * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    /// <summary>exp(x) - 1, as 2^n (exp(r) - 1) + (2^n - 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats ExpMinus1(Floats x)
    {
        x = Bounded(x, ExpMin, ExpMax);
        Floats n = Exponent(x);
        Ints whole = Vector.ConvertToInt32Native(n), half = whole >> 1;
        Floats scale = PowerOfTwo(half), one = PowerOfTwo(half - whole);
        return Vector.MultiplyAddEstimate(RestMinus1(x, n), scale, scale - one) * PowerOfTwo(whole - half);
    }

    /// <summary>The hyperbolic tangent, e / (e + 2) with e = exp(2 x) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Tanh(Floats x)
    {
        x = Bounded(x, -TanhMax, TanhMax);
        Floats e = ExpMinus1(x + x);
        return e / (e + Vector.Create(2f));
    }

    /// <summary>ln(1 + exp(x)), as max(x, 0) + ln(1 + exp(-|x|)), which does not overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Softplus(Floats x)
    {
        // ln(1 + e) = 2 artanh(s), s = e / (2 + e) <= 1/3: eight terms of the series are exact to float32.
        Floats e = Exp(-Vector.Abs(x)), s = e / (Vector.Create(2f) + e), z = s * s;
        Floats series = Vector.Create(1f / 15);
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 13));
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 11));
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 9));
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 7));
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 5));
        series = Vector.MultiplyAddEstimate(series, z, Vector.Create(1f / 3));
        series = Vector.MultiplyAddEstimate(series, z, Floats.One);
        return Vector.MultiplyAddEstimate(series, s + s, Vector.MaxNative(Floats.Zero, x));
    }

    /// <summary>x between two bounds; NaN stays NaN, as the native operations return the second operand then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats Bounded(Floats x, float min, float max) => Vector.MinNative(Vector.Create(max), Vector.MaxNative(Vector.Create(min), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats Exponent(Floats x) => Vector.Round(x * Vector.Create(Log2E));

    /// <summary>exp(r) - 1 for r = x - n ln 2, by the Taylor series to r^7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats RestMinus1(Floats x, Floats n)
    {
        Floats r = Vector.MultiplyAddEstimate(n, Vector.Create(-Ln2High), x);
        r = Vector.MultiplyAddEstimate(n, Vector.Create(-Ln2Low), r);
        Floats series = Vector.Create(1f / 5040);
        series = Vector.MultiplyAddEstimate(series, r, Vector.Create(1f / 720));
        series = Vector.MultiplyAddEstimate(series, r, Vector.Create(1f / 120));
        series = Vector.MultiplyAddEstimate(series, r, Vector.Create(1f / 24));
        series = Vector.MultiplyAddEstimate(series, r, Vector.Create(1f / 6));
        series = Vector.MultiplyAddEstimate(series, r, Vector.Create(1f / 2));
        return Vector.MultiplyAddEstimate(series, r * r, r);
    }

    /// <summary>2 to the n, for the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats PowerOfTwo(Ints n) => Vector.AsSingle((n + Vector.Create(127)) << 23);
}
