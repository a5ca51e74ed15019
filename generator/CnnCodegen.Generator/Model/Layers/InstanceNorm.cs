namespace CnnCodegen.Generator.Model;

/// <summary>Normalises each plane to zero mean and unit variance, then weight * x + bias per channel (Ulyanov et al. 2016).</summary>
internal sealed record InstanceNorm(float Epsilon = 1e-5f, bool Affine = true) : Layer
{
    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (inputs[0].Rank < 3) throw new ModelException($"the input is {inputs[0]}; instance norm needs batch, channels and spatial dimensions");
        if (!(Epsilon >= 0)) throw new ModelException("Epsilon must not be negative");
        return inputs[0];
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape channels = TensorShape.Of(inputs[0][1]);
        return Affine ? [new("weight", channels), new("bias", channels)] : [];
    }
}
