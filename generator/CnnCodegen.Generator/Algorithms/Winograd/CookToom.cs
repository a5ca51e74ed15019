using System.Collections.Concurrent;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>
/// The minimal filtering algorithm F(m, r): m outputs of a filter with r taps from n = m + r - 1 inputs by n products,
/// y = A^T [(G g) * (B^T d)], constructed from n - 1 points and the point at infinity (Toom 1963, Cook 1966, Winograd 1980).
/// </summary>
internal sealed class CookToom
{
    /// <summary>The most inputs for which the points below keep float32 useful.</summary>
    public const int MaxSize = 8;

    /// <summary>The most inputs for which the points for integers keep these in 16 bits.</summary>
    public const int MaxIntegerSize = 6;

    /// <summary>Small, in pairs of opposite sign, and with reciprocals: what keeps both rounding errors and transforms small.</summary>
    private static readonly Rational[] FloatPoints = [0, 1, -1, 2, -2, (Rational)1 / 2, (Rational)(-1) / 2];

    /// <summary>Of 0 and 2, of 1 and -1, and of infinity and -1/2 each pair differs by one factor of 2: few are left in the transforms, and their integers are small.</summary>
    private static readonly Rational[] IntegerPoints = [0, 1, -1, 2, (Rational)(-1) / 2];

    private static readonly ConcurrentDictionary<(int Outputs, int Taps, bool ForIntegers), CookToom> Known = new();

    private CookToom(int outputs, int taps, bool forIntegers)
    {
        (Outputs, Taps) = (outputs, taps);
        Rational[] values = forIntegers ? IntegerPoints : FloatPoints;
        int finite = Size - 1;
        if (outputs < 1 || taps < 1 || Size < 2 || finite > values.Length) throw new ArgumentOutOfRangeException(nameof(outputs), $"F({outputs}, {taps})");

        // N_k, the product of the differences to the other points; both transforms of the point 0 change their sign where it is negative.
        Rational[] scales = [.. Enumerable.Range(0, finite).Select(k => Others(k).Aggregate(Rational.One, (product, q) => product * (values[k] - values[q])))];
        Rational sign(int k) => k == 0 && scales[0].Numerator.Sign < 0 ? -1 : 1;
        Rational[][] polynomials = [.. Enumerable.Range(0, Size).Select(k => Polynomial(Others(k).Select(q => values[q])))];

        OutputTransform = new(outputs, Size, (i, k) => k < finite ? Power(values[k], i) : i == outputs - 1 ? 1 : 0);
        FilterTransform = new(Size, taps, (k, j) => k < finite ? sign(k) * Power(values[k], j) / scales[k] : j == taps - 1 ? 1 : 0);
        InputTransform = new(Size, Size, (k, l) => l < polynomials[k].Length ? sign(k) * polynomials[k][l] : 0);

        InputProgram = LinearProgram.Of(InputTransform);
        OutputProgram = LinearProgram.Of(OutputTransform);

        IEnumerable<int> Others(int k) => Enumerable.Range(0, finite).Where(q => q != k);
    }

    public int Outputs { get; }

    public int Taps { get; }

    /// <summary>Inputs, and products.</summary>
    public int Size => Outputs + Taps - 1;

    /// <summary>A^T, Outputs x Size.</summary>
    public RationalMatrix OutputTransform { get; }

    /// <summary>G, Size x Taps.</summary>
    public RationalMatrix FilterTransform { get; }

    /// <summary>B^T, Size x Size.</summary>
    public RationalMatrix InputTransform { get; }

    /// <summary>The products with B^T and with A^T as instructions.</summary>
    public LinearProgram InputProgram { get; }

    public LinearProgram OutputProgram { get; }

    /// <param name="outputs">m.</param>
    /// <param name="taps">r.</param>
    /// <param name="forIntegers">Whether the points are those for integers.</param>
    /// <exception cref="ArgumentOutOfRangeException">F(1, 1), which filters nothing, or more inputs than <see cref="MaxSize"/> or <see cref="MaxIntegerSize"/>.</exception>
    public static CookToom Of(int outputs, int taps, bool forIntegers = false) => Known.GetOrAdd((outputs, taps, forIntegers), _ => new CookToom(outputs, taps, forIntegers));

    /// <summary>The coefficients, lowest first, of the product of (x - point).</summary>
    private static Rational[] Polynomial(IEnumerable<Rational> points)
    {
        Rational[] product = [1];
        foreach (Rational q in points)
        {
            Rational[] last = product;
            product = [.. Enumerable.Range(0, last.Length + 1).Select(l => (l > 0 ? last[l - 1] : 0) - (l < last.Length ? q * last[l] : 0))];
        }

        return product;
    }

    private static Rational Power(Rational value, int exponent) => Enumerable.Repeat(value, exponent).Aggregate(Rational.One, (a, b) => a * b);
}
