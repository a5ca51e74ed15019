namespace CnnCodegen.Generator.Model;

/// <summary>Joins <paramref name="Count"/> tensors along <paramref name="Axis"/>.</summary>
internal sealed record Concat(int Count, int Axis = 1) : Layer
{
    public override int Arity => Count;

    public override Layer Resolve(IReadOnlyList<TensorShape> inputs) => this with { Axis = inputs[0].Axis(Axis) };

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape first = inputs[0];
        int sum = 0;
        foreach (TensorShape input in inputs)
        {
            if (input.Rank != first.Rank || input.With(Axis, 0) != first.With(Axis, 0))
                throw new ModelException($"{first} and {input} cannot be joined along axis {Axis}: all other dimensions must be equal");
            sum = checked(sum + input[Axis]);
        }

        return first.With(Axis, sum);
    }

    public override string Describe() => $"axis {Axis}";
}
