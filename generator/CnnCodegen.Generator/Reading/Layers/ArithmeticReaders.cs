using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Element-wise functions of two values, or of a value and a scalar.</summary>
internal static class ArithmeticReaders
{
    public static Action<LayerScope> Of(BinaryKind kind) => scope =>
    {
        string[] names = scope.Options.Strings("from");
        bool scalar = scope.Options.Has("Scalar");
        if (scalar && names.Length > 0) throw new ModelException("operand names and Scalar are both given; keep one of them");
        if (!scalar && names.Length == 0) throw new ModelException("the second operand is missing; name a layer, or give Scalar");
        if (names.Length > 1 && scope.Options.String("From") is not null) throw new ModelException("From and all operand names are given; remove From");
        if (names.Length > 2 && kind is BinaryKind.Sub or BinaryKind.Div or BinaryKind.Pow)
            throw new ModelException($"{names.Length} operands are given; {kind} has two");

        if (scalar)
        {
            Activation layer = WithScalar(kind, scope.Options.Bound("Scalar"));
            scope.Add(_ => layer);
        }
        else
        {
            scope.AddChain(new Binary(kind), names.Length == 1
                ? [scope.Source(), scope.Operand(names[0])]
                : names.Select(scope.Operand).ToArray());
        }
    };

    private static Activation WithScalar(BinaryKind kind, float scalar)
    {
        if (float.IsInfinity(scalar) && kind is not (BinaryKind.Min or BinaryKind.Max)) throw new ModelException("Scalar is infinite; give a finite number");
        if (kind == BinaryKind.Div && float.IsInfinity(1 / scalar)) throw new ModelException(FormattableString.Invariant($"Scalar is {scalar}; a divisor must have a finite reciprocal"));
        return kind switch
        {
            BinaryKind.Add => new Activation(ActivationKind.Affine, 1, scalar),
            BinaryKind.Sub => new Activation(ActivationKind.Affine, 1, -scalar),
            BinaryKind.Mul => new Activation(ActivationKind.Affine, scalar, 0),
            BinaryKind.Div => new Activation(ActivationKind.Affine, 1 / scalar, 0),
            BinaryKind.Min => new Activation(ActivationKind.Clip, float.NegativeInfinity, scalar),
            BinaryKind.Max => new Activation(ActivationKind.Clip, scalar, float.PositiveInfinity),
            _ => new Activation(ActivationKind.Pow, scalar),
        };
    }
}
