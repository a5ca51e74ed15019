namespace CnnCodegen.Generator.Algorithms.Fft.Codelets;

/// <summary>
/// Discrete Fourier transforms X[k] = sum over j of x[j] e^(-2 pi i j k / n) as expressions, and their inverses without the factor 1/n.
/// Real data has a Hermitian spectrum, X[n - k] = conj X[k], of which the values 0 to n/2 are kept.
/// </summary>
internal sealed class Dft(Graph graph)
{
    public Complex[] Forward(Complex[] x)
    {
        int n = x.Length;
        if (n == 1) return x;
        if (n == 2) return [graph.Add(x[0], x[1]), graph.Subtract(x[0], x[1])];
        if (IsPrime(n)) return Prime(x);
        Split split = Split.Of(n);
        Complex[][] first = Range(split.Second, b => Forward(Range(split.First, a => x[split.Input(a, b)])));
        Complex[] result = new Complex[n];
        for (int k = 0; k < split.First; k++)
        {
            Complex[] second = ForwardSecond(split, k, Range(split.Second, b => first[b][k]));
            for (int c = 0; c < second.Length; c++) result[split.Output(k, c)] = second[c];
        }

        return result;
    }

    public Complex[] Inverse(Complex[] x) => Swap(Forward(Swap(x)));

    /// <summary>The second step of a forward transform for output k of the first.</summary>
    public Complex[] ForwardSecond(Split split, int k, Complex[] x) => Forward(Range(x.Length, b => graph.Rotate(x[b], split.Rotation(k, b), split.Size)));

    /// <summary>The second step of an inverse transform for output k of the first.</summary>
    public Complex[] InverseSecond(Split split, int k, Complex[] x) => Swap(ForwardSecond(split, k, Swap(x)));

    /// <summary>The values 0 to n/2 of the spectrum of real numbers.</summary>
    public Complex[] Real(Term[] x)
    {
        int n = x.Length;
        if (n <= 2 || IsPrime(n)) return Forward(Range(n, j => new Complex(x[j], Term.Zero))).Take((n / 2) + 1).ToArray();
        Split split = Split.Of(n);
        Complex[][] first = Range(split.Second, b => Real(Range(split.First, a => x[split.Input(a, b)])));
        Complex[] result = new Complex[(n / 2) + 1];
        for (int k = 0; k <= split.First / 2; k++)
        {
            foreach ((int index, Complex value) in RealSecond(split, k, Range(split.Second, b => first[b][k]))) result[index] = value;
        }

        return result;
    }

    /// <summary>The second step for output k of the first; it gives values of the half spectrum and their numbers.</summary>
    public IEnumerable<(int Index, Complex Value)> RealSecond(Split split, int k, Complex[] x)
    {
        int n = split.Size;
        if (split.IsReal(k))
        {
            Complex[] half = Real(Range(x.Length, b => x[b].Re));
            return half.Select((value, c) => Fold(split.Output(k, c), n, value));
        }

        return ForwardSecond(split, k, x).Select((value, c) => Fold(split.Output(k, c), n, value));
    }

    /// <summary>The n real numbers whose spectrum begins with x.</summary>
    public Term[] Hermitian(int n, Complex[] x)
    {
        if (n == 1) return [x[0].Re];
        if (n == 2) return [graph.Add(x[0].Re, x[1].Re), graph.Add(x[0].Re, -x[1].Re)];
        if (IsPrime(n)) return Inverse(Range(n, k => Unfold(k, n, i => x[i]))).Select(value => value.Re).ToArray();
        Split split = Split.Of(n);
        Complex[][] first = Range((split.First / 2) + 1, k => HermitianFirst(split, k, i => x[i]));
        Term[] result = new Term[n];
        for (int b = 0; b < split.Second; b++)
        {
            Term[] second = Hermitian(split.First, Range(first.Length, k => first[k][b]));
            for (int a = 0; a < split.First; a++) result[split.Input(a, b)] = second[a];
        }

        return result;
    }

    /// <summary>The first step of <see cref="Hermitian"/>: for frequency k of the outer factor a spectrum value for each b.</summary>
    public Complex[] HermitianFirst(Split split, int k, Func<int, Complex> x)
    {
        int n = split.Size;
        Complex[] values(int count) => Range(count, c => Unfold(split.Output(k, c), n, x));
        if (split.IsReal(k)) return Hermitian(split.Second, values((split.Second / 2) + 1)).Select(value => new Complex(value, Term.Zero)).ToArray();

        // At half the sampling rate the rotated values are real, which the expressions do not show.
        bool real = 2 * k == split.First;
        return Inverse(values(split.Second))
            .Select((value, b) => graph.Rotate(value, -split.Rotation(k, b), n))
            .Select(value => real ? value with { Im = Term.Zero } : value).ToArray();
    }

    /// <summary>Pairs x[j] +- x[n-j] leave half the products (Singleton 1969).</summary>
    private Complex[] Prime(Complex[] x)
    {
        int n = x.Length, half = n / 2;
        Complex[] sums = Range(half, j => graph.Add(x[j + 1], x[n - 1 - j]));
        Complex[] differences = Range(half, j => graph.Subtract(x[j + 1], x[n - 1 - j]));
        Complex[] result = new Complex[n];
        result[0] = sums.Aggregate(x[0], graph.Add);
        for (int k = 1; k <= half; k++)
        {
            Complex even = x[0], odd = default;
            for (int j = 1; j <= half; j++)
            {
                (double cos, double sin) = Graph.Root(j * k, n);
                even = graph.Add(even, graph.Scale(cos, sums[j - 1]));
                odd = graph.Add(odd, graph.Scale(sin, differences[j - 1]));
            }

            // even - i odd and even + i odd.
            Complex turned = new(odd.Im, -odd.Re);
            result[k] = graph.Add(even, turned);
            result[n - k] = graph.Subtract(even, turned);
        }

        return result;
    }

    private static (int Index, Complex Value) Fold(int k, int n, Complex value) => 2 * k <= n ? (k, value) : (n - k, value.Conjugate);

    private static Complex Unfold(int k, int n, Func<int, Complex> x) => 2 * k <= n ? x(k) : x(n - k).Conjugate;

    private static Complex[] Swap(Complex[] x) => x.Select(value => value.Swapped).ToArray();

    private static bool IsPrime(int n)
    {
        for (int d = 2; d * d <= n; d++)
            if (n % d == 0) return false;
        return true;
    }

    private static T[] Range<T>(int count, Func<int, T> item) => Enumerable.Range(0, count).Select(item).ToArray();
}
