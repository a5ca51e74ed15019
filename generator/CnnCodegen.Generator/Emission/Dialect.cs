using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Emission;

/// <summary>
/// The vocabulary of an instruction set: expressions on vectors. All three come from the cross-platform vector types,
/// which the JIT compiles to the instructions of the name; a 512-bit kernel therefore also runs, slowly, on a CPU
/// without AVX-512, and every variant can be tested anywhere.
/// </summary>
internal sealed class Dialect(Isa isa)
{
    /// <summary>The static class with the operations.</summary>
    public string Class { get; } = isa switch { Isa.Avx512 => "Vector512", Isa.Avx2 => "Vector256", _ => "Vector128" };

    /// <summary>The vector type.</summary>
    public string Type => Class + "<float>";

    public int Lanes { get; } = isa.Lanes();

    public string Zero => Type + ".Zero";

    public static string Float(string pointer) => $"*(float*){Operand(pointer)}";

    public string Load(string pointer) => $"*({Type}*){Operand(pointer)}";

    public string Store(string pointer, string value) => $"*({Type}*){Operand(pointer)} = {value};";

    public string Broadcast(string scalar) => $"{Class}.Create({scalar})";

    /// <summary>a * b + c, rounded once where the hardware has a fused multiply-add.</summary>
    public string MultiplyAdd(string a, string b, string c) =>
        isa == Isa.Portable ? $"{Class}.MultiplyAddEstimate({a}, {b}, {c})" : $"{Class}.FusedMultiplyAdd({a}, {b}, {c})";

    /// <summary>c - a * b, rounded once where the hardware has a fused multiply-add.</summary>
    public string MultiplySubtract(string a, string b, string c) =>
        isa == Isa.Avx2 ? $"Fma.MultiplyAddNegated({a}, {b}, {c})" : MultiplyAdd("-" + a, b, c);

    /// <summary>The instruction's maximum: the second operand where either is NaN.</summary>
    public string Max(string a, string b) => $"{Class}.MaxNative({a}, {b})";

    /// <inheritdoc cref="Max"/>
    public string Min(string a, string b) => $"{Class}.MinNative({a}, {b})";

    /// <summary>The maximum that is NaN where either operand is; <paramref name="a"/> is a name, as it is repeated. Which zero wins is open.</summary>
    public string MaxNumber(string a, string b) => KeepNaN(a, Max(a, b));

    /// <inheritdoc cref="MaxNumber"/>
    public string MinNumber(string a, string b) => KeepNaN(a, Min(a, b));

    /// <summary>x for x >= 0, otherwise slope * x.</summary>
    public string LeakyRelu(string x, string slope) => $"{Class}.ConditionalSelect({Class}.LessThan({x}, {Zero}), {x} * {slope}, {x})";

    /// <summary>
    /// Brings the cache line at an address into the second-level cache, or the first if it is needed soon; nothing where the instruction
    /// set has no such hint.
    /// </summary>
    public string? Prefetch(string pointer, bool near = false) => isa == Isa.Portable ? null : $"Sse.Prefetch{(near ? 0 : 1)}({WithoutZero(pointer)});";

    /// <summary>An activation of <paramref name="x"/>, a simple expression that may be repeated. NaN stays NaN.</summary>
    public string Activate(Activation activation, string x)
    {
        string alpha = Constant(activation.Alpha), beta = Constant(activation.Beta);
        return activation.Function switch
        {
            ActivationKind.Relu => Max(Zero, x),
            ActivationKind.Relu6 => Min(Constant(6), Max(Zero, x)),
            ActivationKind.Clip => Min(beta, Max(alpha, x)),
            ActivationKind.LeakyRelu => LeakyRelu(x, alpha),
            ActivationKind.Elu => $"{Class}.ConditionalSelect({Class}.LessThan({x}, {Zero}), {alpha} * VectorFunctions.ExpMinus1({x}), {x})",
            ActivationKind.Sigmoid => $"{Constant(1)} / ({Constant(1)} + VectorFunctions.Exp(-{x}))",
            ActivationKind.Tanh => $"VectorFunctions.Tanh({x})",
            ActivationKind.HardSigmoid => Min(Constant(1), Max(Zero, $"({x} * {alpha}) + {beta}")),
            ActivationKind.HardSwish => $"{x} * {Min(Constant(1), Max(Zero, $"({x} * {Constant(1f / 6)}) + {Constant(0.5f)}"))}",
            ActivationKind.Softplus => $"VectorFunctions.Softplus({x})",
            ActivationKind.Sign => $"{Class}.ConditionalSelect({Class}.GreaterThan({x}, {Zero}), {Constant(1)}, {Class}.ConditionalSelect({Class}.LessThan({x}, {Zero}), {Constant(-1)}, {x}))",
            ActivationKind.Binarize => $"{Class}.ConditionalSelect({Class}.GreaterThanOrEqual({x}, {Zero}), {Constant(1)}, {Class}.ConditionalSelect({Class}.LessThan({x}, {Zero}), {Constant(-1)}, {x}))",
            ActivationKind.Quantize => ScaleText.FromUnits(Min(Constant(activation.High - activation.Beta), Max(Constant(activation.Low - activation.Beta), $"{Class}.Round({ScaleText.ToUnits(x, activation.Alpha, activation.Levels, Broadcast)})")), activation.Alpha, activation.Levels, Broadcast),
            ActivationKind.Exp => $"VectorFunctions.Exp({x})",
            ActivationKind.Sqrt => $"{Class}.Sqrt({x})",
            ActivationKind.Affine => $"({x} * {alpha}) + {beta}",
            _ => throw new InvalidOperationException($"{activation.Function} has no vector form."),
        };
    }

    /// <summary>Whether <see cref="Activate"/> knows the function and is as accurate as the scalar one.</summary>
    public static bool CanActivate(Activation activation) => activation.Function
        is not ActivationKind.Pow;

    /// <summary>Whether the text is a few instructions.</summary>
    public static bool IsShort(Activation activation) => activation.Function
        is not (ActivationKind.Elu or ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.Softplus or ActivationKind.Exp);

    private string KeepNaN(string a, string result) => $"{Class}.ConditionalSelect({Class}.Equals({a}, {a}), {result}, {a})";

    /// <summary>What a cast applies to: a name as it is, a sum in parentheses.</summary>
    private static string Operand(string pointer)
    {
        string address = WithoutZero(pointer);
        return address.Contains(' ') ? $"({address})" : address;
    }

    /// <summary>Emitters write every offset; nobody wants to read the zeros.</summary>
    private static string WithoutZero(string pointer) => pointer.EndsWith(" + 0", StringComparison.Ordinal) ? pointer.Substring(0, pointer.Length - 4) : pointer;

    private string Constant(float value) => value == 0 ? Zero : Broadcast(Literals.Float(value));
}
