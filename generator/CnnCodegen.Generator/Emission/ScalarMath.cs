using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Emission;

/// <summary>Expressions on single floats, as accurate as the run time library allows. NaN stays NaN.</summary>
internal static class ScalarMath
{
    /// <summary>An activation of <paramref name="x"/>, a simple expression that may be repeated.</summary>
    public static string Activate(Activation activation, string x)
    {
        string alpha = Literals.Float(activation.Alpha), beta = Literals.Float(activation.Beta);
        return activation.Function switch
        {
            ActivationKind.Relu => $"Math.Max({x}, 0f)",
            ActivationKind.Relu6 => $"Math.Clamp({x}, 0f, 6f)",
            ActivationKind.Clip => $"Math.Clamp({x}, {alpha}, {beta})",
            ActivationKind.LeakyRelu => $"{x} < 0 ? {x} * {alpha} : {x}",
            ActivationKind.Elu => $"{x} < 0 ? (float)({alpha} * (Math.Exp({x}) - 1)) : {x}",
            ActivationKind.Sigmoid => $"1 / (1 + MathF.Exp(-{x}))",
            ActivationKind.Tanh => $"MathF.Tanh({x})",
            ActivationKind.HardSigmoid => $"Math.Clamp(({x} * {alpha}) + {beta}, 0f, 1f)",
            ActivationKind.HardSwish => $"{x} * Math.Clamp(({x} / 6) + 0.5f, 0f, 1f)",
            ActivationKind.Softplus => $"(float)(Math.Max({x}, 0) + Math.Log(1 + Math.Exp(-Math.Abs((double){x}))))",
            ActivationKind.Exp => $"MathF.Exp({x})",
            ActivationKind.Sqrt => $"MathF.Sqrt({x})",
            ActivationKind.Sign => $"{x} > 0 ? 1 : {x} < 0 ? -1 : {x}",
            ActivationKind.Binarize => $"{x} >= 0 ? 1 : {x} < 0 ? -1 : {x}",
            ActivationKind.Quantize => ScaleText.FromUnits($"Math.Clamp(MathF.Round({ScaleText.ToUnits(x, activation.Alpha, activation.Levels)}), {Literals.Float(activation.Low - activation.Beta)}, {Literals.Float(activation.High - activation.Beta)})", activation.Alpha, activation.Levels),
            ActivationKind.Affine => $"({x} * {alpha}) + {beta}",

            // The library's power of NaN to 0 is 1.
            ActivationKind.Pow => activation.Alpha == 0 ? $"float.IsNaN({x}) ? {x} : 1" : $"MathF.Pow({x}, {alpha})",
            _ => throw new InvalidOperationException($"{activation.Function} has no scalar form."),
        };
    }
}
