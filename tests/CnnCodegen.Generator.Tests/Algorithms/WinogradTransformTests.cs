using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Algorithms.Winograd;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>The transforms are exact, and as short as they can be.</summary>
public class WinogradTransformTests
{
    /// <summary>Every F(m, r) that the points allow.</summary>
    public static TheoryData<int, int> All
    {
        get
        {
            TheoryData<int, int> all = [];
            for (int m = 1; m <= CookToom.MaxSize; m++)
                for (int r = m == 1 ? 2 : 1; m + r - 1 <= CookToom.MaxSize; r++) all.Add(m, r);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Transforms_filter_exactly(int m, int r)
    {
        CookToom t = CookToom.Of(m, r);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < r; j++)
            {
                for (int l = 0; l < t.Size; l++)
                {
                    Rational sum = Rational.Zero;
                    for (int k = 0; k < t.Size; k++) sum += t.OutputTransform[i, k] * t.FilterTransform[k, j] * t.InputTransform[k, l];
                    Assert.Equal(l == i + j ? Rational.One : Rational.Zero, sum);
                }
            }
        }
    }

    /// <summary>Every F(m, r) with a stride that kernels of up to eleven taps may have.</summary>
    public static TheoryData<int, int, int> Strided
    {
        get
        {
            TheoryData<int, int, int> all = [];
            for (int s = 1; s <= 5; s++)
                for (int r = Math.Max(s + 1, 2); r <= 11; r++)
                    for (int m = 2; m + PolyphaseFilter.MostTaps(r, s) - 1 <= CookToom.MaxSize; m++) all.Add(m, r, s);
            return all;
        }
    }

    /// <summary>y[i] = sum over u of w[u] x[s i + u], where the rows of G stand point by point and the inputs of phase p are s apart.</summary>
    [Theory]
    [MemberData(nameof(Strided))]
    public void Phases_filter_exactly(int m, int r, int s)
    {
        PolyphaseFilter filter = PolyphaseFilter.Of(m, r, s);
        int inputs = ((m - 1) * s) + r, row = 0;
        Rational[] sums = [.. Enumerable.Repeat(Rational.Zero, m * r * inputs)];
        for (int point = 0; point < filter.Points; point++)
        {
            for (int phase = 0; phase < filter.PhasesAt[point]; phase++, row++)
            {
                CookToom part = filter.Phases[phase];
                int product = point == filter.Points - 1 ? part.Size - 1 : point;
                for (int i = 0; i < m; i++)
                    for (int u = 0; u < r; u++)
                        for (int l = 0; l < part.Size; l++)
                            sums[(((i * r) + u) * inputs) + phase + (l * s)] += filter.OutputTransform[i, point] * filter.FilterTransform[row, u] * part.InputTransform[product, l];
            }
        }

        Assert.Equal(filter.Products, row);
        for (int i = 0; i < m; i++)
            for (int u = 0; u < r; u++)
                for (int l = 0; l < inputs; l++) Assert.Equal(l == (s * i) + u ? Rational.One : Rational.Zero, sums[(((i * r) + u) * inputs) + l]);
    }

    /// <summary>Every F(m, r) with a stride whose integers may fit 16 bits.</summary>
    public static TheoryData<int, int, int> Integers
    {
        get
        {
            TheoryData<int, int, int> all = [];
            for (int s = 1; s <= 3; s++)
                for (int r = s + 1; r <= 7; r++)
                    for (int m = 2; m + PolyphaseFilter.MostTaps(r, s) - 1 <= CookToom.MaxIntegerSize; m++) all.Add(m, r, s);
            return all;
        }
    }

    /// <summary>The transforms of codes are integers, and those of sums are where these wrap; results are a power of two too large.</summary>
    [Theory]
    [MemberData(nameof(Integers))]
    public void Integers_filter_exactly(int m, int r, int s)
    {
        IntegerFilter integers = IntegerFilter.Of(m, r, s);
        PolyphaseFilter filter = integers.Filter;
        int inputs = ((m - 1) * s) + r;
        int[] sums = new int[m * r * inputs];
        (int Phase, int Point)[] rows = [.. from point in Enumerable.Range(0, filter.Points) from phase in Enumerable.Range(0, filter.PhasesAt[point]) select (phase, point)];
        for (int row = 0; row < rows.Length; row++)
        {
            (int phase, int point) = rows[row];
            RationalMatrix input = integers.InputTransform(phase);
            for (int i = 0; i < m; i++)
                for (int u = 0; u < r; u++)
                    for (int l = 0; l < input.Columns; l++)
                        sums[(((i * r) + u) * inputs) + phase + (l * s)] += integers.OutputTransform[i, point].Wrapped * Integer(integers.FilterTransform[row, u]) * Integer(input[filter.Product(phase, point)!.Value, l]);
        }

        for (int i = 0; i < m; i++)
        {
            for (int u = 0; u < r; u++)
                for (int l = 0; l < inputs; l++) Assert.Equal(l == (s * i) + u ? 1 << integers.Shift : 0, sums[(((i * r) + u) * inputs) + l]);

            // The start of a sum enters at the point 1.
            int one = integers.OutputTransform[i, 1].Wrapped;
            Assert.Equal(1 << (2 * integers.Shift), one * one * integers.StartFactor);
        }

        static int Integer(Rational value)
        {
            Assert.True(value.Denominator.IsOne);
            return value.Wrapped;
        }
    }

    [Theory]
    [InlineData(2, 3, 1, 1, 4, 9)]
    [InlineData(3, 3, 1, 1, 18, 49)]
    [InlineData(4, 3, 1, 1, 98, 49)]
    [InlineData(2, 3, 2, 0, 2, 4)]
    [InlineData(4, 3, 2, 1, 18, 9)]
    [InlineData(2, 5, 2, 1, 4, 16)]
    public void Integers_stay_small(int m, int r, int s, int shift, long input, long filter)
    {
        IntegerFilter integers = IntegerFilter.Of(m, r, s);

        Assert.Equal((shift, input, filter), (integers.Shift, integers.InputGrowth, integers.FilterGrowth));
    }

    [Fact]
    public void Odd_numbers_divide_where_integers_wrap()
    {
        Assert.Equal(-8, ((Rational)(-8) / 15).Wrapped * 15);
        Assert.Throws<InvalidOperationException>(() => ((Rational)1 / 6).Wrapped);
    }

    [Theory]
    [InlineData(4, 3, 2)]
    [InlineData(3, 7, 3)]
    [InlineData(2, 4, 2)]
    public void Products_of_an_element_lie_together(int m, int r, int s)
    {
        PolyphaseFilter filter = PolyphaseFilter.Of(m, r, s);
        (int Phase, int Product)[] rows = [.. Enumerable.Range(0, s).SelectMany(phase => Enumerable.Range(0, filter.Phases[phase].Size).Select(product => (phase, product)))];
        int[] points = [.. rows.Select(row => row.Product == filter.Phases[row.Phase].Size - 1 ? filter.Points - 1 : row.Product)];

        // By place, the rows' points, the columns' points, the rows' phases and the columns' phases are in order.
        IEnumerable<int> places = from i in Enumerable.Range(0, rows.Length)
                                  from j in Enumerable.Range(0, rows.Length)
                                  orderby points[i], points[j], rows[i].Phase, rows[j].Phase
                                  select filter.Place(rows[i], rows[j]);

        Assert.Equal(Enumerable.Range(0, filter.Products * filter.Products), places);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Programs_compute_their_matrices(int m, int r)
    {
        CookToom t = CookToom.Of(m, r);
        foreach (RationalMatrix matrix in new[] { t.InputTransform, t.OutputTransform, t.FilterTransform })
        {
            Check(matrix);
            foreach (int[] rows in LinearProgram.RowGroups(matrix)) Check(matrix.Select(rows));
            for (int rows = 1; rows < matrix.Rows; rows++) Check(matrix.Select([.. Enumerable.Range(0, rows)]));
        }
    }

    [Theory]
    [InlineData(2, 3, 4, 4)]
    [InlineData(4, 3, 12, 10)]
    [InlineData(6, 3, 24, 20)]
    [InlineData(2, 5, 12, 8)]
    [InlineData(4, 5, 24, 16)]
    public void Programs_share_what_they_can(int m, int r, int input, int output)
    {
        CookToom t = CookToom.Of(m, r);

        Assert.Equal((input, output), (LinearProgram.Of(t.InputTransform).Steps.Count, LinearProgram.Of(t.OutputTransform).Steps.Count));
    }

    [Fact]
    public void Matrices_are_the_published_ones()
    {
        CookToom t = CookToom.Of(4, 3);

        Assert.Equal("4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1", Text(t.InputTransform));
        Assert.Equal("1/4 0 0; -1/6 -1/6 -1/6; -1/6 1/6 -1/6; 1/24 1/12 1/6; 1/24 -1/12 1/6; 0 0 1", Text(t.FilterTransform));
        Assert.Equal("1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1", Text(t.OutputTransform));
    }

    [Theory]
    [InlineData(2, 3, 1, 81)]
    [InlineData(4, 3, 1, 36_100)]
    [InlineData(6, 3, 1, 1.57e6)]
    [InlineData(2, 5, 1, 8_200)]
    [InlineData(4, 5, 1, 1.58e5)]
    [InlineData(2, 3, 2, 144)]
    [InlineData(4, 3, 2, 7_056)]
    [InlineData(3, 7, 2, 72_900)]
    public void Amplification_is_that_of_the_norms(int m, int r, int s, double expected) =>
        Assert.InRange(PolyphaseFilter.Of(m, r, s).Amplification, 0.99 * expected, 1.01 * expected);

    [Theory]
    [InlineData(3, 3)]
    [InlineData(2, 5)]
    [InlineData(1, 2)]
    public void Windows_that_do_not_overlap_are_an_error(int r, int s) => Assert.Throws<ArgumentOutOfRangeException>(() => PolyphaseFilter.Of(2, r, s));

    [Fact]
    public void More_points_than_there_are_is_an_error() => Assert.Throws<ArgumentOutOfRangeException>(() => CookToom.Of(7, 3));

    private static void Check(RationalMatrix matrix)
    {
        LinearProgram program = LinearProgram.Of(matrix);
        for (int column = 0; column < matrix.Columns; column++)
        {
            List<Rational> values = [.. Enumerable.Range(0, matrix.Columns).Select(i => (Rational)(i == column ? 1 : 0))];
            foreach (LinearStep step in program.Steps)
            {
                values.Add(step.Operation switch
                {
                    LinearOperation.Multiply => step.Factor * values[step.A],
                    LinearOperation.Add => values[step.A] + values[step.B],
                    LinearOperation.Subtract => values[step.A] - values[step.B],
                    _ => (step.Factor * values[step.A]) + values[step.B],
                });
            }

            for (int row = 0; row < matrix.Rows; row++) Assert.Equal(matrix[row, column], values[program.Outputs[row]]);
        }
    }

    private static string Text(RationalMatrix matrix) => string.Join("; ", Enumerable.Range(0, matrix.Rows).Select(row =>
        string.Join(' ', Enumerable.Range(0, matrix.Columns).Select(column =>
            matrix[row, column].Denominator.IsOne ? $"{matrix[row, column].Numerator}" : $"{matrix[row, column].Numerator}/{matrix[row, column].Denominator}"))));
}
