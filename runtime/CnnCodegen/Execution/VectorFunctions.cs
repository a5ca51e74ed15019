using System.Runtime.Intrinsics;

namespace CnnCodegen.Execution;

/// <summary>
/// Functions of vectors that the framework lacks, exact to a few units in the last place and for every value: NaN gives NaN.
/// The cancellation in exp(x) - 1 and ln(1 + x) is removed by dividing out the rounding error of the inner result (Kahan).
/// </summary>
public static class VectorFunctions
{
    // Beyond these exp(x) - 1 is -1 in float32, and the hyperbolic tangent is 1.
    private const float SmallestExponent = -40;
    private const float LargestTangent = 10;

    /// <summary>exp(x) - 1</summary>
    public static Vector128<float> ExpMinus1(Vector128<float> x)
    {
        Vector128<float> bounded = Vector128.Max(x, Vector128.Create(SmallestExponent)), u = Vector128.Exp(bounded), one = Vector128<float>.One;
        Vector128<float> small = Vector128.Equals(u, one), large = Vector128.GreaterThan(u, Vector128.Create(1e30f));
        return Vector128.ConditionalSelect(small, x, Vector128.ConditionalSelect(large, u, (u - one) * (bounded / Vector128.Log(u))));
    }

    /// <inheritdoc cref="ExpMinus1(Vector128{float})"/>
    public static Vector256<float> ExpMinus1(Vector256<float> x)
    {
        Vector256<float> bounded = Vector256.Max(x, Vector256.Create(SmallestExponent)), u = Vector256.Exp(bounded), one = Vector256<float>.One;
        Vector256<float> small = Vector256.Equals(u, one), large = Vector256.GreaterThan(u, Vector256.Create(1e30f));
        return Vector256.ConditionalSelect(small, x, Vector256.ConditionalSelect(large, u, (u - one) * (bounded / Vector256.Log(u))));
    }

    /// <inheritdoc cref="ExpMinus1(Vector128{float})"/>
    public static Vector512<float> ExpMinus1(Vector512<float> x)
    {
        Vector512<float> bounded = Vector512.Max(x, Vector512.Create(SmallestExponent)), u = Vector512.Exp(bounded), one = Vector512<float>.One;
        Vector512<float> small = Vector512.Equals(u, one), large = Vector512.GreaterThan(u, Vector512.Create(1e30f));
        return Vector512.ConditionalSelect(small, x, Vector512.ConditionalSelect(large, u, (u - one) * (bounded / Vector512.Log(u))));
    }

    /// <summary>The hyperbolic tangent, e / (e + 2) with e = exp(2 x) - 1.</summary>
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        Vector128<float> bounded = Vector128.Min(Vector128.Max(x, Vector128.Create(-LargestTangent)), Vector128.Create(LargestTangent));
        Vector128<float> e = ExpMinus1(bounded + bounded);
        return e / (e + Vector128.Create(2f));
    }

    /// <inheritdoc cref="Tanh(Vector128{float})"/>
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> bounded = Vector256.Min(Vector256.Max(x, Vector256.Create(-LargestTangent)), Vector256.Create(LargestTangent));
        Vector256<float> e = ExpMinus1(bounded + bounded);
        return e / (e + Vector256.Create(2f));
    }

    /// <inheritdoc cref="Tanh(Vector128{float})"/>
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-LargestTangent)), Vector512.Create(LargestTangent));
        Vector512<float> e = ExpMinus1(bounded + bounded);
        return e / (e + Vector512.Create(2f));
    }

    /// <summary>ln(1 + exp(x)) as max(x, 0) + ln(1 + exp(-|x|)), which does not overflow.</summary>
    public static Vector128<float> Softplus(Vector128<float> x)
    {
        Vector128<float> e = Vector128.Exp(-Vector128.Abs(x)), one = Vector128<float>.One, u = one + e;
        Vector128<float> log = Vector128.ConditionalSelect(Vector128.Equals(u, one), e, Vector128.Log(u) * (e / (u - one)));
        return Vector128.Max(x, Vector128<float>.Zero) + log;
    }

    /// <inheritdoc cref="Softplus(Vector128{float})"/>
    public static Vector256<float> Softplus(Vector256<float> x)
    {
        Vector256<float> e = Vector256.Exp(-Vector256.Abs(x)), one = Vector256<float>.One, u = one + e;
        Vector256<float> log = Vector256.ConditionalSelect(Vector256.Equals(u, one), e, Vector256.Log(u) * (e / (u - one)));
        return Vector256.Max(x, Vector256<float>.Zero) + log;
    }

    /// <inheritdoc cref="Softplus(Vector128{float})"/>
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        Vector512<float> e = Vector512.Exp(-Vector512.Abs(x)), one = Vector512<float>.One, u = one + e;
        Vector512<float> log = Vector512.ConditionalSelect(Vector512.Equals(u, one), e, Vector512.Log(u) * (e / (u - one)));
        return Vector512.Max(x, Vector512<float>.Zero) + log;
    }
}
