namespace CnnCodegen.Generator.Model;

/// <summary>The input, unchanged. Dropout at inference is one.</summary>
internal sealed record Identity(string Of = "Identity") : Layer
{
    public override string Kind => Of;

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];
}
