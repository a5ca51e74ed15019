using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>A value of the oracle, and how far from it a correct float32 kernel may be, element by element.</summary>
/// <param name="Value">The exact value.</param>
/// <param name="Error">Bounds, at least 0, and 0 where the value is no finite number.</param>
internal sealed record Bounded(ReferenceTensor Value, ReferenceTensor Error)
{
    private const int MaxFractionBits = 12;

    /// <summary>|value| + error.</summary>
    public ReferenceTensor Magnitude => Zip(Value, Error, (v, e) => Math.Abs(v) + e);

    /// <summary>Whether any element may be wrong at all.</summary>
    public bool IsExact => Error.Data.All(e => e == 0);

    /// <summary>The largest bound.</summary>
    public double MaxError => Error.Data.Where(double.IsFinite).DefaultIfEmpty(0).Max();

    public static Bounded Exactly(ReferenceTensor value) => new(value, ReferenceTensor.Zeros(value.Shape));

    /// <summary>The largest power of two, at most 1, that all elements are exact multiples of; 0 if none is near or the value is not exact.</summary>
    public double Quantum => IsExact ? QuantumOf(Value) : 0;

    /// <inheritdoc cref="Quantum"/>
    public static double QuantumOf(ReferenceTensor value)
    {
        double quantum = 1;
        for (int bits = 0; bits <= MaxFractionBits; bits++, quantum /= 2)
            if (value.Data.All(x => !double.IsFinite(x) || x % quantum == 0)) return quantum;
        return 0;
    }

    /// <summary>Whether float32 holds every multiple of a quantum up to a magnitude.</summary>
    public static bool Holds(double quantum, ReferenceTensor magnitude) =>
        quantum > 0 && magnitude.Data.All(m => !double.IsFinite(m) || m / quantum <= 1 << 24);

    /// <summary>What is wrong with a result; null if nothing is.</summary>
    public string? Check(float[] actual)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            double expected = Value.Data[i];
            bool right = double.IsFinite(expected) ? Math.Abs(actual[i] - expected) <= Error.Data[i] + 1e-38 : expected.Equals((double)actual[i]);
            if (!right) return FormattableString.Invariant($"element {i} of {string.Join('x', Value.Shape)} is {actual[i]:R}, expected {expected:R} +- {Error.Data[i]:R}");
        }

        return null;
    }

    /// <summary>A function of the elements of two tensors of one shape.</summary>
    public static ReferenceTensor Zip(ReferenceTensor a, ReferenceTensor b, Func<double, double, double> function) =>
        new(a.Shape, [.. a.Data.Zip(b.Data, function)]);
}
