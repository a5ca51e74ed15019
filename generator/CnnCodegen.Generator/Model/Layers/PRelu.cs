namespace CnnCodegen.Generator.Model;

/// <summary>
/// x for x >= 0, otherwise slope * x. Weight: <c>weight</c>, one slope per channel (<see cref="PerChannel"/>) or a single one;
/// with <see cref="SlopeShape"/>, any shape that broadcasts to the input.
/// </summary>
internal sealed record PRelu(bool PerChannel = true, TensorShape SlopeShape = default) : Layer
{
    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (SlopeShape.Rank > 0 && TensorShape.Broadcast(inputs[0], SlopeShape) != inputs[0])
            throw new ModelException($"the slope {SlopeShape} does not broadcast to the input {inputs[0]}");
        if (SlopeShape.Rank == 0 && PerChannel) _ = Shapes.Channels(inputs[0]);
        return inputs[0];
    }

    /// <summary>The slope's shape, broadcastable to <paramref name="x"/>.</summary>
    public TensorShape Slope(TensorShape x)
    {
        if (SlopeShape.Rank > 0) return SlopeShape;
        int[] dims = Enumerable.Repeat(1, Math.Max(1, x.Rank - 1)).ToArray();
        if (PerChannel) dims[0] = x[1];
        return TensorShape.Of(dims);
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs) =>
        [new("weight", SlopeShape.Rank > 0 ? SlopeShape : TensorShape.Of(PerChannel ? inputs[0][1] : 1))];
}
