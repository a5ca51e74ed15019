namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>A matrix of exact fractions.</summary>
internal sealed class RationalMatrix(int rows, int columns, Func<int, int, Rational> entry)
{
    private readonly Rational[] _entries = [.. Enumerable.Range(0, rows * columns).Select(i => entry(i / columns, i % columns))];

    public int Rows => rows;

    public int Columns => columns;

    public Rational this[int row, int column] => _entries[(row * columns) + column];

    /// <summary>The largest sum of magnitudes of a row: by how much the largest element of a vector can grow.</summary>
    public double Norm => Enumerable.Range(0, rows).Max(row => Enumerable.Range(0, columns).Sum(column => (double)this[row, column].Magnitude));

    /// <summary>The matrix of the given rows.</summary>
    public RationalMatrix Select(IReadOnlyList<int> selected) => new(selected.Count, columns, (row, column) => this[selected[row], column]);
}
