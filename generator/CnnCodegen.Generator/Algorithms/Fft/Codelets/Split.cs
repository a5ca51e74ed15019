namespace CnnCodegen.Generator.Algorithms.Fft.Codelets;

/// <summary>
/// A transform of First x Second points as transforms of the factors. Factors without a common divisor need no twiddle factors (Good
/// and Thomas); others are split by the rule of Cooley and Tukey. Either way: Second transforms of First points each, input
/// <see cref="Input"/>(a, b) for a &lt; First; a rotation by <see cref="Rotation"/>; First transforms of Second points, whose output
/// c of transform k is number <see cref="Output"/>(k, c).
/// </summary>
internal readonly record struct Split(int First, int Second)
{
    public int Size => First * Second;

    private bool IsCoprime => Divisor(First, Second) == 1;

    /// <summary>The factors that take the fewest operations as straight-line code.</summary>
    public static Split Of(int n)
    {
        int power = 1;
        while (n % (power * 2) == 0) power *= 2;
        if (power == n) return n == 8 ? new Split(4, 2) : new Split(n >= 16 ? 4 : 2, n >= 16 ? n / 4 : n / 2);
        if (power > 1) return new Split(power, n / power);
        int prime = 3;
        while (n % prime != 0) prime += 2;
        power = prime;
        while (n % (power * prime) == 0) power *= prime;
        return power == n ? new Split(prime, n / prime) : new Split(power, n / power);
    }

    public int Input(int a, int b) => IsCoprime ? ((Second * a) + (First * b)) % Size : (Second * a) + b;

    public int Output(int k, int c) => IsCoprime ? ((k * Second * Inverse(Second, First)) + (c * First * Inverse(First, Second))) % Size : k + (First * c);

    /// <summary>The exponent of the root of unity of order <see cref="Size"/> between the two steps.</summary>
    public int Rotation(int k, int b) => IsCoprime ? 0 : k * b;

    /// <summary>Whether output k of the first step is real for real input: the zero frequency, and half the sampling rate if it stays unrotated.</summary>
    public bool IsReal(int k) => k == 0 || (IsCoprime && 2 * k == First);

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);

    private static int Inverse(int a, int modulus)
    {
        for (int i = 1; i < modulus; i++)
            if (a * i % modulus == 1) return i;
        return 0;
    }
}
