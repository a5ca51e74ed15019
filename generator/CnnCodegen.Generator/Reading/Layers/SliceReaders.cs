using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Layers that take a part of a value.</summary>
internal static class SliceReaders
{
    // Each part is a node of its own.
    private const int MaxParts = 4096;

    public static void Slice(LayerScope scope)
    {
        AttributeArguments options = scope.Options;
        int[] starts = options.Ints("Starts") ?? throw new ModelException("Starts is missing; give the first element of each sliced dimension");
        int[] ends = options.Ints("Ends") ?? throw new ModelException("Ends is missing; give the element behind the last one of each sliced dimension");
        int[] axes = options.Ints("Axes") ?? [], steps = options.Ints("Steps") ?? [];
        Require("Ends", ends.Length, starts.Length);
        if (axes.Length > 0) Require("Axes", axes.Length, starts.Length);
        if (steps.Length > 0) Require("Steps", steps.Length, starts.Length);
        scope.Add(_ => new Slice(new(starts), new(ends), new(axes), new(steps)));
    }

    public static void Split(LayerScope scope)
    {
        int parts = scope.Options.Int("parts", min: 1, max: MaxParts), axis = scope.Options.Int("Axis", 1);
        int[]? sizes = scope.Options.Ints("Sizes", min: 1);
        if (sizes is not null && sizes.Length != parts) throw new ModelException($"Sizes has {sizes.Length} entries; it needs {parts}, one for each part");
        scope.AddParts(parts, (x, part) => Part(x, x.Axis(axis), sizes, parts, part));
    }

    private static Slice Part(TensorShape x, int axis, int[]? sizes, int parts, int part)
    {
        int whole = x[axis];
        if (sizes is null && whole % parts != 0)
            throw new ModelException($"the {whole} elements of dimension {axis} do not make {parts} equal parts; give Sizes");
        if (sizes is not null && sizes.Sum(size => (long)size) != whole)
            throw new ModelException($"Sizes sum to {sizes.Sum(size => (long)size)}, and dimension {axis} has {whole} elements; make them equal");
        int start = sizes is null ? whole / parts * part : sizes.Take(part).Sum();
        int size = sizes is null ? whole / parts : sizes[part];
        EquatableArray<int> axes = [axis];
        return new Slice([start], [start + size], axes, [1]);
    }

    private static void Require(string name, int count, int expected)
    {
        if (count != expected) throw new ModelException($"{name} has {count} entries and Starts has {expected}; give the same number");
    }
}
