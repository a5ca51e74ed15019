namespace CnnCodegen.Generator.Model;

internal enum BinaryKind
{
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
}

/// <summary>An element-wise function of two values with NumPy broadcasting.</summary>
internal sealed record Binary(BinaryKind Function) : Layer
{
    public override string Kind => Function.ToString();

    public override int Arity => 2;

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => TensorShape.Broadcast(inputs[0], inputs[1]);
}
