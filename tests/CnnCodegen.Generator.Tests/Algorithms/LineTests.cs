using CnnCodegen.Generator.Algorithms.Fft.Codelets;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>The codelets of every size that kernels use, evaluated in double precision, against the definition of the transform.</summary>
public class LineTests
{
    public static TheoryData<int, int> SizesAndRegisters()
    {
        TheoryData<int, int> data = [];
        foreach (int size in new[] { 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30, 32, 36, 40, 45, 48, 50, 54, 60, 64, 72, 75, 80, 81, 90, 96, 100 })
            foreach (int registers in new[] { 16, 32 }) data.Add(size, registers);
        return data;
    }

    [Theory]
    [MemberData(nameof(SizesAndRegisters))]
    public void Transforms_are_those_of_the_definition(int size, int registers)
    {
        foreach (LineKind kind in Enum.GetValues<LineKind>())
        {
            foreach (int part in new[] { size, (size + 1) / 2, 1 })
            {
                bool spectrum = kind is LineKind.Inverse or LineKind.Hermitian;
                Line line = new(kind, size, Read: spectrum ? size : part, Written: spectrum ? part : size);
                Check(line, registers);
            }
        }
    }

    private static void Check(Line line, int registers)
    {
        int n = line.Size;
        Random random = new(n);
        (double Re, double Im)[] x = [.. Enumerable.Range(0, n).Select(j => j < line.Read ? (random.NextDouble() - 0.5, random.NextDouble() - 0.5) : default)];
        if (line.Kind is LineKind.Real) x = [.. x.Select(value => (value.Re, 0.0))];
        (double, double)[] y = Naive(x, line.Kind is LineKind.Real or LineKind.Forward ? -1 : 1);
        Dictionary<int, double> input = [], expected = [];
        if (line.Kind == LineKind.Hermitian)
        {
            // A spectrum of real numbers; what the imaginary parts of its real values hold does not count.
            double[] real = [.. x.Select(value => value.Re)];
            (double Re, double Im)[] half = Naive([.. real.Select(value => (value, 0.0))], -1);
            for (int k = 0; k <= n / 2; k++) (input[2 * k], input[(2 * k) + 1]) = (half[k].Re, k == 0 || 2 * k == n ? double.NaN : half[k].Im);
            for (int j = 0; j < line.Written; j++) expected[j] = n * real[j];
        }
        else
        {
            for (int j = 0; j < line.Read; j++)
            {
                if (line.Kind == LineKind.Real) input[j] = x[j].Re;
                else (input[2 * j], input[(2 * j) + 1]) = x[j];
            }

            for (int k = 0; k < (line.Kind == LineKind.Real ? (n / 2) + 1 : line.Written); k++) (expected[2 * k], expected[(2 * k) + 1]) = y[k];
        }

        Dictionary<int, double> actual = Run(line.Code(registers), input);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, e => Assert.True(Math.Abs(e.Value - actual[e.Key]) < 1e-6 * n, $"{line}: slot {e.Key} is {actual[e.Key]}, expected {e.Value}"));
    }

    private static (double Re, double Im)[] Naive((double Re, double Im)[] x, int sign) => [.. x.Select((_, k) =>
    {
        (double re, double im) = (0, 0);
        for (int j = 0; j < x.Length; j++)
        {
            (double sin, double cos) = Math.SinCos(sign * 2 * Math.PI * (j * k % x.Length) / x.Length);
            re += (x[j].Re * cos) - (x[j].Im * sin);
            im += (x[j].Re * sin) + (x[j].Im * cos);
        }

        return (re, im);
    })];

    private static Dictionary<int, double> Run(LineCode code, Dictionary<int, double> input)
    {
        Dictionary<int, double> output = [], between = [];
        foreach (Codelet codelet in code.First) Run(codelet, input, code.Second.Count == 0 ? output : between);
        foreach (Codelet codelet in code.Second) Run(codelet, between, output);
        return output;
    }

    private static void Run(Codelet codelet, Dictionary<int, double> from, Dictionary<int, double> to)
    {
        Dictionary<Node, double> values = [];
        double value(Node node) => codelet.IsInlined(node) ? node.Constant * values[node.Left!] : values[node];
        foreach (Node node in codelet.Order)
        {
            values[node] = node.Operation switch
            {
                Operation.Load => from[node.Slot],
                Operation.Add => value(node.Left!) + value(node.Right!),
                Operation.Subtract => value(node.Left!) - value(node.Right!),
                _ => value(node.Left!) * node.Constant,
            };
        }

        foreach (Result result in codelet.Results) to.Add(result.Slot, result.Value.IsZero ? 0 : (result.Value.Negative ? -1 : 1) * values[result.Value.Node!]);
    }

    /// <summary>
    /// Instructions of complete transforms, a multiply-add counting as one. Without them split-radix transforms take 56, 168, 456 and 1160 for
    /// 8, 16, 32 and 64 complex points (Johnson and Frigo 2007), and 22, 70 and 198 for 8, 16 and 32 real ones.
    /// </summary>
    [Theory]
    [InlineData("Forward", 8, 56)]
    [InlineData("Forward", 16, 168)]
    [InlineData("Forward", 32, 456)]
    [InlineData("Forward", 64, 1160)]
    [InlineData("Inverse", 64, 1160)]
    [InlineData("Real", 8, 22)]
    [InlineData("Real", 16, 70)]
    [InlineData("Real", 32, 198)]
    [InlineData("Hermitian", 32, 198)]
    public void Transforms_take_no_more_operations_than_the_best_known(string kind, int size, int operations) =>
        Assert.InRange(new Line(Enum.Parse<LineKind>(kind), size, size, size).Code(registers: 16).Operations, 1, operations);

    [Fact]
    public void Zeros_and_unwanted_outputs_cost_nothing()
    {
        int operations(LineKind kind, int read, int written) => new Line(kind, 32, read, written).Code(registers: 16).Operations;
        Assert.True(operations(LineKind.Forward, 20, 32) < operations(LineKind.Forward, 32, 32));
        Assert.True(operations(LineKind.Inverse, 32, 20) < operations(LineKind.Inverse, 32, 32));
        Assert.Equal(0, operations(LineKind.Real, 1, 32));
    }
}
