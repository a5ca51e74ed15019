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
    [InlineData(2, 3, 81)]
    [InlineData(4, 3, 36_100)]
    [InlineData(6, 3, 1.57e6)]
    [InlineData(2, 5, 8_200)]
    [InlineData(4, 5, 1.58e5)]
    public void Amplification_is_that_of_the_norms(int m, int r, double expected) =>
        Assert.InRange(CookToom.Of(m, r).Amplification, 0.99 * expected, 1.01 * expected);

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
