using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>Permutes the dimensions: output dimension i is input dimension Perm[i]. Empty: reverses them.</summary>
internal sealed record Transpose(EquatableArray<int> Perm) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs) => Perm.Count > 0
        ? new Transpose(Perm.Select(p => inputs[0].Axis(p)).ToEquatableArray())
        : new Transpose(Enumerable.Range(0, inputs[0].Rank).Reverse().ToEquatableArray());

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (Perm.Count != x.Rank || Perm.Distinct().Count() != x.Rank)
            throw new ModelException($"the permutation ({string.Join(", ", Perm)}) must name each of the {x.Rank} dimensions of {x} once");
        return new TensorShape(Perm.Select(p => x[p]).ToEquatableArray());
    }

    public override string Describe() => string.Join(",", Perm);
}
