namespace CnnCodegen.Generator.Model;

internal enum PoolKind
{
    /// <summary>The maximum of the window; padding never wins.</summary>
    Max,

    /// <summary>The mean of the window.</summary>
    Average,
}

/// <summary>Pooling. An average divides by the pixels inside the input, or, with <paramref name="CountIncludePad"/>, inside the padded input.</summary>
internal sealed record Pool(PoolKind Function, Window Window, bool CountIncludePad = false) : Layer
{
    public override string Kind => Function + "Pool";

    public override Layer Resolve(IReadOnlyList<TensorShape> inputs) =>
        this with { Window = Window.Resolve(Shapes.Spatial(inputs[0], Window.Rank)) };

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        int[] spatial = Window.OutputSpatial(x);
        for (int i = 0; i < Window.Rank; i++)
            if (Math.Max(Window.PadsBegin[i], Window.PadsEnd[i]) >= Window.Extent(i) || StepsOver(i, x[i + 2], spatial[i]))
                throw new ModelException($"padding {Window.PadsBegin[i]} and {Window.PadsEnd[i]} leaves windows of {Window.Extent(i)} pixels with nothing but padding; pad less than the kernel and its Dilation");
        return TensorShape.Of([x[0], x[1], .. spatial]);
    }

    /// <summary>Whether a window that begins in the padding has its first pixel behind the input, which then is smaller than the dilation.</summary>
    private bool StepsOver(int axis, int size, int outputs)
    {
        int dilation = Window.Dilations[axis];
        for (int i = 0, before = Window.PadsBegin[axis]; size < dilation && i < outputs && before > 0; i++, before -= Window.Strides[axis])
            if ((dilation - (before % dilation)) % dilation >= size) return true;
        return false;
    }

    public override string Describe() => Window.Describe() + (Window.CeilMode ? " ceil" : "");
}
