using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// Convolution (cross-correlation) of N x C x spatial to N x K x spatial.
/// Weights: <c>weight</c> K x C/Groups x kernel, <c>bias</c> K.
/// </summary>
internal sealed record Conv(int OutChannels, Window Window, int Groups = 1, bool Bias = true) : WeightedLayer(Bias)
{
    /// <summary>One filter (or a few) for each input channel.</summary>
    public bool IsDepthwise(TensorShape input) => Groups == input[1] && Groups > 1;

    public override Layer Resolve(IReadOnlyList<TensorShape> inputs) =>
        this with { Window = Window.Resolve(Shapes.Spatial(inputs[0], Window.Rank)) };

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (OutChannels < 1) throw new ModelException($"OutChannels is {OutChannels}; a convolution has at least 1");
        if (Groups < 1 || x[1] % Groups != 0 || OutChannels % Groups != 0)
            throw new ModelException($"Groups is {Groups}; it must divide the {x[1]} input channels and the {OutChannels} output channels");
        return TensorShape.Of([x[0], OutChannels, .. Window.OutputSpatial(x)]);
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs) =>
        Weights(TensorShape.Of([OutChannels, inputs[0][1] / Groups, .. Window.Kernel]));

    public override long Macs(IReadOnlyList<TensorShape> inputs, TensorShape output) =>
        output.Elements * (inputs[0][1] / Groups) * Window.Kernel.Aggregate(1L, (a, b) => a * b);

    public override string Describe() =>
        $"{OutChannels} {Window.Describe()}" + (Groups == 1 ? "" : $" groups {Groups}") + DescribeRefinement();
}
