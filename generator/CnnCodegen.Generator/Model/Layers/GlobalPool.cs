namespace CnnCodegen.Generator.Model;

/// <summary>Pools each channel's whole plane to one value; the spatial dimensions become 1.</summary>
internal sealed record GlobalPool(PoolKind Function) : Layer
{
    public override string Kind => "Global" + Function + "Pool";

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (x.Rank < 3) throw new ModelException($"the input is {x}; a global pool needs batch, channels and spatial dimensions");
        return TensorShape.Of([x[0], x[1], .. Enumerable.Repeat(1, x.Rank - 2)]);
    }
}
