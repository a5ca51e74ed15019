using System.Numerics;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
internal readonly record struct Rational
{
    private Rational(BigInteger numerator, BigInteger denominator)
    {
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator { get; }

    public static Rational Zero { get; } = new(0, 1);

    public static Rational One { get; } = new(1, 1);

    public bool IsZero => Numerator.IsZero;

    public Rational Magnitude => new(BigInteger.Abs(Numerator), Denominator);

    /// <summary>Whether a product with it only moves the exponent.</summary>
    public bool IsPowerOfTwo => !IsZero && BigInteger.Abs(Numerator).IsPowerOfTwo && Denominator.IsPowerOfTwo;

    /// <summary>What multiplies as this does where integers wrap at 32 bits: a division by an odd number is a product there.</summary>
    /// <exception cref="InvalidOperationException">The denominator is even.</exception>
    public int Wrapped
    {
        get
        {
            BigInteger word = BigInteger.One << 32;
            if (Denominator.IsEven) throw new InvalidOperationException($"{Numerator} / {Denominator}");
            BigInteger inverse = BigInteger.ModPow(Denominator, (word >> 1) - 1, word);
            return unchecked((int)(uint)((((Numerator * inverse) % word) + word) % word));
        }
    }

    public static Rational Of(BigInteger numerator, BigInteger denominator) => new(numerator, denominator);

    public static implicit operator Rational(int value) => new(value, 1);

    public static explicit operator double(Rational value) => (double)value.Numerator / (double)value.Denominator;

    public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <exception cref="DivideByZeroException"><paramref name="b"/> is zero.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);
}
