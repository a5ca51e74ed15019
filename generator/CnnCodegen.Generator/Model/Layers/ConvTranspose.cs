using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// Transposed convolution: the gradient of <see cref="Conv"/> with respect to its input.
/// Output per dimension: stride * (in - 1) + outputPadding + extent - padBegin - padEnd.
/// Weights: <c>weight</c> C x K/Groups x kernel, <c>bias</c> K.
/// </summary>
internal sealed record ConvTranspose(int OutChannels, Window Window, EquatableArray<int> OutputPadding, int Groups = 1, bool Bias = true) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        int[] spatial = Shapes.Spatial(inputs[0], Window.Rank);
        if (Window.AutoPad is AutoPad.Explicit or AutoPad.Valid) return this with { Window = Window.Resolve(spatial) };

        // Same: the output is stride times the input; the surplus is cut, an odd pixel at the end for SameUpper.
        int[] begin = new int[Window.Rank], end = new int[Window.Rank];
        for (int i = 0; i < Window.Rank; i++)
        {
            int total = Math.Max(0, (Window.Strides[i] * (spatial[i] - 1)) + OutputPadding[i] + Window.Extent(i) - (spatial[i] * Window.Strides[i]));
            begin[i] = Window.AutoPad == AutoPad.SameUpper ? total / 2 : total - (total / 2);
            end[i] = total - begin[i];
        }

        Window explicitWindow = Window with { AutoPad = AutoPad.Explicit, PadsBegin = new(begin), PadsEnd = new(end) };
        return this with { Window = explicitWindow.Resolve(spatial) };
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (OutChannels < 1) throw new ModelException($"OutChannels is {OutChannels}; a convolution has at least 1");
        if (Groups < 1 || x[1] % Groups != 0 || OutChannels % Groups != 0)
            throw new ModelException($"Groups is {Groups}; it must divide the {x[1]} input channels and the {OutChannels} output channels");
        if (OutputPadding.Count != Window.Rank || OutputPadding.Any(p => p < 0 || p > 1 << 20))
            throw new ModelException("OutputPadding needs one entry of at least 0 for each spatial dimension");
        int[] spatial = new int[Window.Rank];
        for (int i = 0; i < spatial.Length; i++)
            spatial[i] = checked((Window.Strides[i] * (x[i + 2] - 1)) + OutputPadding[i] + Window.Extent(i) - Window.PadsBegin[i] - Window.PadsEnd[i]);
        return TensorShape.Of([x[0], OutChannels, .. spatial]);
    }

    public override IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs)
    {
        WeightTensor weight = new("weight", TensorShape.Of([inputs[0][1], OutChannels / Groups, .. Window.Kernel]));
        return Bias ? [weight, new("bias", TensorShape.Of(OutChannels))] : [weight];
    }

    public override long Macs(IReadOnlyList<TensorShape> inputs, TensorShape output) =>
        inputs[0].Elements * (OutChannels / Groups) * Window.Kernel.Aggregate(1L, (a, b) => a * b);

    public override string Describe() => $"{OutChannels} {Window.Describe()}" + (Groups == 1 ? "" : $" groups {Groups}");
}
