using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// A permutation of elements that is a reshape to <see cref="Split"/>, a transpose by <see cref="Perm"/> and a reshape to the output:
/// what channel shuffle, depth-to-space and space-to-depth have in common.
/// </summary>
internal abstract record Rearrange : Layer
{
    /// <summary>The input's dimensions, split.</summary>
    public abstract TensorShape Split(TensorShape x);

    /// <summary>Which dimension of <see cref="Split"/> each dimension of the transposed tensor is.</summary>
    public abstract EquatableArray<int> Perm { get; }

    /// <summary>The input as N, C, H, W.</summary>
    /// <exception cref="ModelException">It is not of rank 4.</exception>
    protected static TensorShape Image(TensorShape x) =>
        x.Rank == 4 ? x : throw new ModelException($"the input is {x}; N x C x H x W is needed");
}

/// <summary>Interleaves the channels of <paramref name="Groups"/> groups (Zhang et al. 2018, ShuffleNet).</summary>
internal sealed record ChannelShuffle(int Groups) : Rearrange
{
    public override EquatableArray<int> Perm => [0, 2, 1, 3, 4];

    public override TensorShape Split(TensorShape x) => TensorShape.Of(x[0], Groups, x[1] / Groups, x[2], x[3]);

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = Image(inputs[0]);
        if (Groups < 1 || x[1] % Groups != 0) throw new ModelException($"Groups is {Groups}; it must divide the {x[1]} channels");
        return x;
    }

    public override string Describe() => $"groups {Groups}";
}

/// <summary>
/// Moves blocks of <paramref name="Block"/> x <paramref name="Block"/> channels into space; column-row-depth order is PyTorch's pixel shuffle
/// (Shi et al. 2016), depth-column-row TensorFlow's.
/// </summary>
internal sealed record DepthToSpace(int Block, bool ColumnRowDepth = true) : Rearrange
{
    public override EquatableArray<int> Perm => ColumnRowDepth ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];

    public override TensorShape Split(TensorShape x) => ColumnRowDepth
        ? TensorShape.Of(x[0], x[1] / (Block * Block), Block, Block, x[2], x[3])
        : TensorShape.Of(x[0], Block, Block, x[1] / (Block * Block), x[2], x[3]);

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = Image(inputs[0]);
        if (Block < 1 || Block > 1024 || x[1] % (Block * Block) != 0) throw new ModelException($"Block is {Block}; its square must divide the {x[1]} channels");
        return TensorShape.Of(x[0], x[1] / (Block * Block), x[2] * Block, x[3] * Block);
    }

    public override string Describe() => $"block {Block} " + (ColumnRowDepth ? "CRD" : "DCR");
}

/// <summary>Moves blocks of <paramref name="Block"/> x <paramref name="Block"/> pixels into channels (ONNX SpaceToDepth).</summary>
internal sealed record SpaceToDepth(int Block) : Rearrange
{
    public override EquatableArray<int> Perm => [0, 3, 5, 1, 2, 4];

    public override TensorShape Split(TensorShape x) => TensorShape.Of(x[0], x[1], x[2] / Block, Block, x[3] / Block, Block);

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = Image(inputs[0]);
        if (Block < 1 || x[2] % Block != 0 || x[3] % Block != 0) throw new ModelException($"Block is {Block}; it must divide the {x[2]} x {x[3]} pixels");
        return TensorShape.Of(x[0], checked(x[1] * Block * Block), x[2] / Block, x[3] / Block);
    }

    public override string Describe() => $"block {Block}";
}
