using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Layers that join or rename dimensions.</summary>
internal static class ShapeReaders
{
    public static void Concat(LayerScope scope)
    {
        string[] names = scope.Options.Strings("from");
        if (names.Length < 2) throw new ModelException($"{names.Length} values are given; name all the values to join, two or more");
        scope.Add(new Concat(names.Length, scope.Options.Int("Axis", 1)), names.Select(scope.Operand).ToArray());
    }

    public static void Flatten(LayerScope scope)
    {
        Flatten layer = new(scope.Options.Int("Axis", 1));
        scope.Add(_ => layer);
    }

    public static void Reshape(LayerScope scope)
    {
        int[] dims = scope.Options.Ints("dims", min: -1) ?? [];
        if (dims.Length == 0) throw new ModelException("it has no dimensions; give all of them, batch included");
        scope.Add(_ => new Reshape(new EquatableArray<int>(dims)));
    }

    public static void Transpose(LayerScope scope)
    {
        int[] perm = scope.Options.Ints("perm") ?? [];
        scope.Add(_ => new Transpose(new EquatableArray<int>(perm)));
    }
}
