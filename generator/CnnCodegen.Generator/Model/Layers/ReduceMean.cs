using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>The mean over <paramref name="Axes"/> (empty: all).</summary>
internal sealed record ReduceMean(EquatableArray<int> Axes, bool KeepDims = true) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        int[] axes = Axes.Count == 0 ? Enumerable.Range(0, x.Rank).ToArray() : Axes.Select(a => x.Axis(a)).OrderBy(a => a).ToArray();
        if (axes.Distinct().Count() != axes.Length) throw new ModelException($"the axes ({string.Join(", ", axes)}) name a dimension twice");
        return this with { Axes = new(axes) };
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        int[] dims = inputs[0].Dims.ToArray();
        foreach (int axis in Axes) dims[axis] = 1;
        return KeepDims ? TensorShape.Of(dims) : TensorShape.Of(dims.Where((_, i) => !Axes.Contains(i)).ToArray());
    }

    public override string Describe() => $"axes {string.Join(",", Axes)}";
}
