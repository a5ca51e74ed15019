namespace CnnCodegen.Generator.Model;

/// <summary>
/// x / (K + Alpha / Size * sum of squares over Size neighbouring channels)^Beta (Krizhevsky et al. 2012, ONNX LRN).
/// </summary>
internal sealed record LocalResponseNorm(int Size, float Alpha = 1e-4f, float Beta = 0.75f, float K = 1) : Layer
{
    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        _ = Shapes.Channels(inputs[0]);
        if (Size < 1) throw new ModelException($"Size is {Size}; it must be at least 1");
        return inputs[0];
    }

    public override string Describe() => $"size {Size}";
}
