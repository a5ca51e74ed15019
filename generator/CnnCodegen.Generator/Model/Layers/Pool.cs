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
        for (int i = 0; i < Window.Rank; i++)
            if (Math.Max(Window.PadsBegin[i], Window.PadsEnd[i]) >= Window.Extent(i))
                throw new ModelException($"padding {Window.PadsBegin[i]} and {Window.PadsEnd[i]} leaves windows of {Window.Extent(i)} pixels with nothing but padding; pad less than the kernel");
        return TensorShape.Of([x[0], x[1], .. Window.OutputSpatial(x)]);
    }

    public override string Describe() => Window.Describe() + (Window.CeilMode ? " ceil" : "");
}
