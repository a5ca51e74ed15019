using System.Collections.Concurrent;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>
/// m outputs of a filter with r taps that moves by s: y[i] = sum over u of w[u] x[s i + u]. The taps and the inputs whose index leaves
/// the remainder p when divided by s, one phase, meet only each other: the filter is the sum over the phases of filters of stride 1 with
/// r_p = ceil((r - p) / s) taps, each an F(m, r_p). Those take the same points, at which A^T has the same columns: what the phases
/// contribute to a point is added up before it is transformed, y = A^T [sum over p of (G_p w_p) * (B_p^T x_p)].
/// </summary>
internal sealed class PolyphaseFilter
{
    private static readonly ConcurrentDictionary<(int Outputs, int Taps, int Stride, bool ForIntegers), PolyphaseFilter> Known = new();

    private PolyphaseFilter(int outputs, int taps, int stride, bool forIntegers)
    {
        if (stride < 1 || stride >= Math.Max(taps, 2)) throw new ArgumentOutOfRangeException(nameof(stride), $"{taps} taps that move by {stride}");
        (Outputs, Taps, Stride) = (outputs, taps, stride);
        Phases = [.. Enumerable.Range(0, stride).Select(phase => CookToom.Of(outputs, PhaseTaps(taps, stride, phase), forIntegers))];
        PhasesAt = [.. Enumerable.Range(0, Points).Select(point => Enumerable.Range(0, stride).Count(phase => Product(phase, point) is not null))];
        FilterTransform = Stack();
    }

    public int Outputs { get; }

    public int Taps { get; }

    public int Stride { get; }

    /// <summary>The filters of the phases; none has more taps than the first.</summary>
    public IReadOnlyList<CookToom> Phases { get; }

    /// <summary>Points, with that at infinity as the last: the columns of A^T.</summary>
    public int Points => Phases[0].Size;

    /// <summary>For each point the number of phases that take it, always the first ones.</summary>
    public IReadOnlyList<int> PhasesAt { get; }

    /// <summary>Products of all phases.</summary>
    public int Products => Phases.Sum(phase => phase.Size);

    /// <summary>A^T, Outputs x Points.</summary>
    public RationalMatrix OutputTransform => Phases[0].OutputTransform;

    /// <summary>The rows of all G_p, point by point and there phase by phase, Products x Taps.</summary>
    public RationalMatrix FilterTransform { get; }

    /// <summary>A^T as instructions.</summary>
    public LinearProgram OutputProgram => Phases[0].OutputProgram;

    /// <summary>
    /// By how much the bound of the rounding error grows in two dimensions, relative to the direct method:
    /// (|A^T| |B^T| |G|)^2 in the maximum norm, where A^T has a column for each product.
    /// </summary>
    public double Amplification
    {
        get
        {
            double outputs = new RationalMatrix(Outputs, Points, (i, point) => PhasesAt[point] * OutputTransform[i, point]).Norm;
            double norms = outputs * Phases.Max(phase => phase.InputTransform.Norm) * FilterTransform.Norm;
            return norms * norms;
        }
    }

    /// <summary>The most taps of a phase.</summary>
    public static int MostTaps(int taps, int stride) => PhaseTaps(taps, stride, 0);

    /// <param name="outputs">m.</param>
    /// <param name="taps">r.</param>
    /// <param name="stride">s.</param>
    /// <param name="forIntegers">Whether the points are those for integers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A filter that does not overlap itself, or more points than <see cref="CookToom"/> has.</exception>
    public static PolyphaseFilter Of(int outputs, int taps, int stride, bool forIntegers = false) =>
        Known.GetOrAdd((outputs, taps, stride, forIntegers), _ => new PolyphaseFilter(outputs, taps, stride, forIntegers));

    /// <summary>The place of a product in two dimensions among all of them: element by element, row by row, and there phase by phase.</summary>
    public int Place((int Phase, int Product) row, (int Phase, int Product) column)
    {
        int i = Point(row), j = Point(column);
        return (PhasesAt.Take(i).Sum() * Products) + (PhasesAt[i] * PhasesAt.Take(j).Sum()) + (row.Phase * PhasesAt[j]) + column.Phase;
    }

    /// <summary>The product of a phase at a point; null if the phase does not take the point.</summary>
    public int? Product(int phase, int point) => point == Points - 1 ? Phases[phase].Size - 1 : point < Phases[phase].Size - 1 ? point : null;

    /// <summary>The point of a phase's product, a row of its G and B^T.</summary>
    private int Point((int Phase, int Product) row) => row.Product < Phases[row.Phase].Size - 1 ? row.Product : Points - 1;

    private RationalMatrix Stack()
    {
        (int Phase, int Product)[] rows = [.. Enumerable.Range(0, Points).SelectMany(point =>
            Enumerable.Range(0, PhasesAt[point]).Select(phase => (phase, Product(phase, point)!.Value)))];
        return new RationalMatrix(rows.Length, Taps, (row, tap) =>
            tap % Stride == rows[row].Phase ? Phases[rows[row].Phase].FilterTransform[rows[row].Product, tap / Stride] : 0);
    }

    private static int PhaseTaps(int taps, int stride, int phase) => (taps - phase + stride - 1) / stride;
}
