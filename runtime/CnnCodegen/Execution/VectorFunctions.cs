namespace CnnCodegen.Execution;

/// <summary>
/// Functions of vectors, inlined into the kernels (the framework's are calls that take several times as long). Errors stay within a few
/// units in the last place, also where exp(x) - 1 and ln(1 + x) are small; NaN gives NaN. One file for each width holds the same text.
/// </summary>
public static partial class VectorFunctions
{
    // exp(x) = 2^n exp(r) with n = round(x / ln 2) and |r| <= ln 2 / 2. The high part of ln 2 has few bits: n times it is exact.
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Outside these exp(x) is 0 or infinite in float32.
    private const float ExpMin = -104;
    private const float ExpMax = 89;

    // Beyond this the hyperbolic tangent is 1 in float32.
    private const float TanhMax = 10;
}
