using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>The same elements in row-major order under another shape. One dimension may be -1 (inferred), 0 copies the input's.</summary>
internal sealed record Reshape(EquatableArray<int> Dims) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        int[] dims = Dims.ToArray();
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 0) dims[i] = i < x.Rank ? x[i] : throw new ModelException($"dimension {i} is 0 (copy), and the input {x} has none");
            if (dims[i] < -1) throw new ModelException($"dimension {i} is {dims[i]}; it must be positive, 0 (copy) or -1 (infer)");
        }

        int free = Array.IndexOf(dims, -1);
        if (free >= 0)
        {
            if (Array.LastIndexOf(dims, -1) != free) throw new ModelException("only one dimension may be -1");
            long known = dims.Where(d => d != -1).Aggregate(1L, (a, b) => checked(a * b));
            if (known == 0 || x.Elements % known != 0)
                throw new ModelException($"{x} has {x.Elements} elements, which {known} (the product of the other dimensions) does not divide");
            dims[free] = (int)(x.Elements / known);
        }

        return new Reshape(new EquatableArray<int>(dims));
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape shape = new(Dims);
        if (shape.Elements != inputs[0].Elements)
            throw new ModelException($"{inputs[0]} has {inputs[0].Elements} elements and {shape} has {shape.Elements}");
        return shape;
    }

    public override string Describe() => new TensorShape(Dims).ToString();
}

/// <summary>Joins the dimensions before <paramref name="Axis"/> and those from it on: a matrix.</summary>
internal sealed record Flatten(int Axis = 1) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        int axis = Axis < 0 ? Axis + x.Rank : Axis;
        if (axis < 0 || axis > x.Rank) throw new ModelException($"axis {Axis} is outside a tensor of rank {x.Rank} ({x})");
        int rows = 1;
        for (int i = 0; i < axis; i++) rows *= x[i];
        return new Reshape(new EquatableArray<int>([rows, (int)(x.Elements / rows)]));
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) =>
        throw new InvalidOperationException("Flatten resolves to Reshape.");
}
