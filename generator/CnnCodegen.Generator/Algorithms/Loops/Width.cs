using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>Expressions on one float, or on a vector of them, in the same words.</summary>
internal sealed class Width(Dialect? vector)
{
    public static Width Scalar { get; } = new(null);

    public int Lanes => vector?.Lanes ?? 1;

    public string Type => vector?.Type ?? "float";

    /// <summary>The widest vector that is no longer than a row.</summary>
    public static Width Widest(Isa isa, int row)
    {
        for (Isa i = isa; i >= Isa.Portable; i--)
            if (i.Lanes() <= row) return new Width(new Dialect(i));
        return Scalar;
    }

    public string Load(string pointer) => vector?.Load(pointer) ?? Dialect.Float(pointer);

    public string Store(string pointer, string value) => vector?.Store(pointer, value) ?? $"{Dialect.Float(pointer)} = {value};";

    public string Broadcast(string scalar) => vector?.Broadcast(scalar) ?? scalar;

    public string Constant(float value) => Broadcast(Literals.Float(value));

    public string MultiplyAdd(string a, string b, string c) => vector?.MultiplyAdd(a, b, c) ?? $"({a} * {b}) + {c}";

    public string Sqrt(string x) => vector is null ? $"MathF.Sqrt({x})" : $"{vector.Class}.Sqrt({x})";

    /// <summary>The static class with the operations on vectors.</summary>
    public string Class => vector?.Class ?? throw new InvalidOperationException("One float is not a vector.");

    public string Exp(string x) => vector is null ? $"MathF.Exp({x})" : $"VectorFunctions.Exp({x})";

    public string Log(string x) => vector is null ? $"MathF.Log({x})" : $"{vector.Class}.Log({x})";

    /// <summary>The sum of the lanes.</summary>
    public string Sum(string x) => vector is null ? x : $"{vector.Class}.Sum({x})";

    /// <summary>The larger one; NaN where either is NaN.</summary>
    public string Max(string a, string b) => vector?.MaxNumber(a, b) ?? $"Math.Max({a}, {b})";

    /// <summary>The smaller one; NaN where either is NaN.</summary>
    public string Min(string a, string b) => vector?.MinNumber(a, b) ?? $"Math.Min({a}, {b})";

    /// <summary>x for x >= 0, otherwise slope * x.</summary>
    public string LeakyRelu(string x, string slope) => vector?.LeakyRelu(x, slope) ?? $"{x} < 0 ? {x} * {slope} : {x}";

    public string Activate(Activation activation, string x) => vector?.Activate(activation, x) ?? ScalarMath.Activate(activation, x);
}
