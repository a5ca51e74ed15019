using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Naming;

/// <summary>Consecutive slices that together are a Split.</summary>
internal static class SplitGroup
{
    /// <summary>The axis and the sizes of the split that begins at <paramref name="index"/>; null where none does.</summary>
    /// <param name="layers">Layers in order, each with what it reads first (compared by equality) and that value's shape.</param>
    /// <param name="index">Where to look.</param>
    public static (int Axis, int[] Sizes)? At<T>(IReadOnlyList<(Layer Layer, T Source, TensorShape Shape)> layers, int index)
    {
        if (layers[index].Layer is not Slice first) return null;
        TensorShape x = layers[index].Shape;
        int axis = Enumerable.Range(0, x.Rank).FirstOrDefault(i => first.Ends[i] != x[i], -1);
        if (axis < 0) return null;
        List<int> sizes = [];
        for (int start = 0; start < x[axis]; index++)
        {
            if (index == layers.Count || !Equals(layers[index].Source, layers[index - sizes.Count].Source) || layers[index].Layer is not Slice part) return null;
            if (part.Starts.Where((s, i) => s != (i == axis ? start : 0)).Any() || part.Steps.Any(s => s != 1)) return null;
            if (part.Ends.With(axis, 0) != x.Dims.With(axis, 0)) return null;
            sizes.Add(part.Ends[axis]);
            start += part.Ends[axis];
        }

        return (axis, [.. sizes]);
    }
}
