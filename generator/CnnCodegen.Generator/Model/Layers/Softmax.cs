namespace CnnCodegen.Generator.Model;

/// <summary>exp(x - max) / sum over <paramref name="Axis"/>, or its logarithm.</summary>
internal sealed record Softmax(int Axis = -1, bool Log = false) : Layer
{
    public override string Kind => Log ? "LogSoftmax" : "Softmax";

    public override Layer Resolve(IReadOnlyList<TensorShape> inputs) => this with { Axis = inputs[0].Axis(Axis) };

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => inputs[0];

    public override string Describe() => $"axis {Axis}";
}
