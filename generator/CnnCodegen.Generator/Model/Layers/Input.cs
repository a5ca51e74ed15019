namespace CnnCodegen.Generator.Model;

/// <summary>A tensor that <c>Run</c> is given; its shape carries the batch.</summary>
internal sealed record Input(TensorShape Shape) : Layer
{
    public override int Arity => 0;

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => Shape;

    public override string Describe() => Shape.ToString();
}
