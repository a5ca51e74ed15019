namespace CnnCodegen.Generator.Model;

/// <summary>
/// Fully connected: y = W x + b over the last dimension. An input of rank 3 or more is flattened behind the batch first.
/// Weights: <c>weight</c> K x C, <c>bias</c> K.
/// </summary>
internal sealed record Linear(int OutFeatures, bool Bias = true) : WeightedLayer(Bias)
{
    public static int InFeatures(TensorShape x) => (int)(x.Elements / x[0]);

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        if (OutFeatures < 1) throw new ModelException($"OutFeatures is {OutFeatures}; a linear layer has at least 1");
        if (inputs[0].Rank < 2) throw new ModelException($"the input is {inputs[0]}; a linear layer needs batch and features");
        return TensorShape.Of(inputs[0][0], OutFeatures);
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs) =>
        Weights(TensorShape.Of(OutFeatures, InFeatures(inputs[0])));

    public override long Macs(IReadOnlyList<TensorShape> inputs, TensorShape output) => output.Elements * InFeatures(inputs[0]);

    public override string Describe() => $"{OutFeatures}" + DescribeRefinement();
}
