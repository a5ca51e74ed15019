namespace CnnCodegen.Generator.Model;

/// <summary>The product of two values, both computed: matrices in the last two dimensions, the others broadcast (NumPy matmul).</summary>
internal sealed record MatMul : Layer
{
    public override int Arity => 2;

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        (TensorShape a, TensorShape b) = (inputs[0], inputs[1]);
        if (a.Rank < 2 || b.Rank < 2) throw new ModelException($"the inputs are {a} and {b}; a matrix product needs rank 2 or more");
        if (a[a.Rank - 1] != b[b.Rank - 2])
            throw new ModelException($"{a} x {b}: the {a[a.Rank - 1]} columns of the first must equal the {b[b.Rank - 2]} rows of the second");
        TensorShape batch = TensorShape.Broadcast(TensorShape.Of([.. a.Dims.Take(a.Rank - 2)]), TensorShape.Of([.. b.Dims.Take(b.Rank - 2)]));
        return TensorShape.Of([.. batch.Dims, a[a.Rank - 2], b[b.Rank - 1]]);
    }

    public override long Macs(IReadOnlyList<TensorShape> inputs, TensorShape output) => output.Elements * inputs[0][inputs[0].Rank - 1];
}
