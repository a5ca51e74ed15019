using System.Collections.Concurrent;
using System.Numerics;
using CnnCodegen.Generator.Algorithms.Winograd;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>
/// The transforms of a <see cref="PolyphaseFilter"/> in integers. Every row of B^T and, for all phases of a point together, of G is multiplied by
/// what makes its entries integers without a common factor; the columns of A^T are divided by it. Where sums wrap at 32 bits, odd
/// numbers divide without a remainder, so that only a power of two is left, by which the results of each direction are too large.
/// </summary>
internal sealed class IntegerFilter
{
    private static readonly ConcurrentDictionary<(int Outputs, int Taps, int Stride), IntegerFilter> Known = new();

    private readonly RationalMatrix[] _inputTransforms;

    private IntegerFilter(int outputs, int taps, int stride)
    {
        Filter = PolyphaseFilter.Of(outputs, taps, stride, forIntegers: true);
        Rational[][] inputFactors = [.. Filter.Phases.Select(phase => Enumerable.Range(0, phase.Size).Select(row => Content([.. Row(phase.InputTransform, row)])).ToArray())];
        _inputTransforms = [.. Filter.Phases.Select((phase, p) => new RationalMatrix(phase.Size, phase.Size, (row, column) => phase.InputTransform[row, column] / inputFactors[p][row]))];

        // The rows of G point by point and there phase by phase, with what B^T was divided by.
        (int Phase, int Point)[] rows = [.. from point in Enumerable.Range(0, Filter.Points) from phase in Enumerable.Range(0, Filter.PhasesAt[point]) select (phase, point)];
        RationalMatrix filters = new(rows.Length, taps, (row, tap) => Filter.FilterTransform[row, tap] * inputFactors[rows[row].Phase][Filter.Product(rows[row].Phase, rows[row].Point)!.Value]);
        Rational[] factors = [.. Enumerable.Range(0, Filter.Points).Select(point => Content([.. Enumerable.Range(0, rows.Length).Where(row => rows[row].Point == point).SelectMany(row => Row(filters, row))]))];
        FilterTransform = new(rows.Length, taps, (row, tap) => filters[row, tap] / factors[rows[row].Point]);

        RationalMatrix divided = new(outputs, Filter.Points, (i, point) => Filter.OutputTransform[i, point] * factors[point]);
        while (Enumerable.Range(0, outputs).Any(i => Row(divided, i).Any(entry => (entry * (1 << Shift)).Denominator.IsEven))) Shift++;
        OutputTransform = new(outputs, Filter.Points, (i, point) => divided[i, point] * (1 << Shift));
        StartFactor = (Rational.One / (factors[1] * factors[1])).Wrapped;
        InputInstructions = [.. _inputTransforms.Select(matrix => LinearProgram.Of(matrix).Instructions)];
        OutputInstructions = LinearProgram.Of(OutputTransform).Instructions;
        InputGrowth = Growth(_inputTransforms);
        FilterGrowth = (long)(FilterTransform.Norm * FilterTransform.Norm);
    }

    /// <summary>The filter, and the places of its products.</summary>
    public PolyphaseFilter Filter { get; }

    /// <summary>G of all phases, Products x Taps, as that of <see cref="Filter"/>.</summary>
    public RationalMatrix FilterTransform { get; }

    /// <summary>A^T, Outputs x Points; denominators are odd.</summary>
    public RationalMatrix OutputTransform { get; }

    /// <summary>By how many bits the results of each direction are too large.</summary>
    public int Shift { get; }

    /// <summary>What a sum's start is multiplied by where it enters, at the element of the point 1 in both directions.</summary>
    public int StartFactor { get; }

    /// <summary>Instructions of B^T of each phase, and of A^T, for a vector.</summary>
    public IReadOnlyList<int> InputInstructions { get; }

    public int OutputInstructions { get; }

    /// <summary>The greatest magnitude of a transformed tile of codes from 0 to 1.</summary>
    public long InputGrowth { get; }

    /// <summary>The greatest magnitude of a transformed filter whose codes are at most 1 of magnitude.</summary>
    public long FilterGrowth { get; }

    /// <summary>The transforms for tiles of so many outputs in each direction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A filter that does not overlap itself, or more points than <see cref="CookToom.MaxIntegerSize"/>.</exception>
    public static IntegerFilter Of(int outputs, int taps, int stride) => Known.GetOrAdd((outputs, taps, stride), _ => new IntegerFilter(outputs, taps, stride));

    /// <summary>B^T of a phase.</summary>
    public RationalMatrix InputTransform(int phase) => _inputTransforms[phase];

    private static IEnumerable<Rational> Row(RationalMatrix matrix, int row) => Enumerable.Range(0, matrix.Columns).Select(column => matrix[row, column]);

    /// <summary>What values from 0 to 1 become at most: those where a row is positive in both directions or negative in both add up, and the others.</summary>
    private static long Growth(IEnumerable<RationalMatrix> transforms)
    {
        (long Above, long Below)[] rows = [.. transforms.SelectMany(matrix => Enumerable.Range(0, matrix.Rows).Select(row => (Sum(Row(matrix, row)), Sum(Row(matrix, row).Select(entry => -entry)))))];
        return (from a in rows from b in rows select Math.Max((a.Above * b.Above) + (a.Below * b.Below), (a.Above * b.Below) + (a.Below * b.Above))).Max();

        static long Sum(IEnumerable<Rational> entries) => entries.Where(entry => entry.Numerator.Sign > 0).Sum(entry => (long)entry.Numerator);
    }

    /// <summary>The greatest fraction of which all are multiples.</summary>
    private static Rational Content(IReadOnlyList<Rational> values) => values.Where(value => !value.IsZero).Select(value => value.Magnitude).Aggregate((a, b) =>
    {
        BigInteger denominator = a.Denominator * b.Denominator / BigInteger.GreatestCommonDivisor(a.Denominator, b.Denominator);
        return Rational.Of(BigInteger.GreatestCommonDivisor((a * Rational.Of(denominator, 1)).Numerator, (b * Rational.Of(denominator, 1)).Numerator), denominator);
    });
}
