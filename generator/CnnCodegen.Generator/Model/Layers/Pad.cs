using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

internal enum PadMode
{
    Constant,

    /// <summary>Mirrors without repeating the edge.</summary>
    Reflect,

    /// <summary>Repeats the edge.</summary>
    Edge,
}

/// <summary>Adds (or, negative, cuts) elements at both ends of every dimension.</summary>
internal sealed record Pad(EquatableArray<int> Begin, EquatableArray<int> End, PadMode Mode = PadMode.Constant, float Value = 0) : Layer
{
    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (Begin.Count != x.Rank || End.Count != x.Rank)
            throw new ModelException($"pads need one begin and one end for each of the {x.Rank} dimensions of {x}");
        int[] dims = new int[x.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            if (Mode == PadMode.Reflect && Math.Max(Begin[i], End[i]) >= x[i])
                throw new ModelException($"a reflection of {Math.Max(Begin[i], End[i])} needs more than the {x[i]} elements of dimension {i}");
            dims[i] = checked(x[i] + Begin[i] + End[i]);
        }

        return TensorShape.Of(dims);
    }

    public override string Describe() => $"{Begin.Text()}..{End.Text()} {Mode}";
}
