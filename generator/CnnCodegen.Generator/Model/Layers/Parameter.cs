namespace CnnCodegen.Generator.Model;

/// <summary>A constant tensor of the weight file (<c>NAME.value</c>), used as an operand.</summary>
internal sealed record Parameter(TensorShape Shape) : Layer
{
    public override int Arity => 0;

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => Shape;

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs) => [new("value", Shape)];

    public override string Describe() => Shape.ToString();
}
