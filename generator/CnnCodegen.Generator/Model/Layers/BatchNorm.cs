namespace CnnCodegen.Generator.Model;

/// <summary>
/// y = (x - running_mean) / sqrt(running_var + Epsilon) * weight + bias, per channel (Ioffe and Szegedy 2015, inference form).
/// </summary>
internal sealed record BatchNorm(float Epsilon = 1e-5f) : Layer
{
    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        _ = Shapes.Channels(inputs[0]);
        if (!(Epsilon >= 0)) throw new ModelException("Epsilon must not be negative");
        return inputs[0];
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape channels = TensorShape.Of(inputs[0][1]);
        return [new("weight", channels), new("bias", channels), new("running_mean", channels), new("running_var", channels)];
    }
}
