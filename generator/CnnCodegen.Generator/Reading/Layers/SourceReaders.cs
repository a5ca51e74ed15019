using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Values that are computed from nothing.</summary>
internal static class SourceReaders
{
    public static void Input(LayerScope scope)
    {
        int[] dims = scope.Options.Ints("dims", min: 1) ?? [];
        if (dims.Length == 0) throw new ModelException("it has no dimensions; give those behind the batch, for example 3, 224, 224");
        scope.AddSource(new Input(scope.Options.Bool("Batched", true) ? TensorShape.Of([scope.Batch, .. dims]) : TensorShape.Of(dims)));
    }

    public static void Parameter(LayerScope scope) =>
        scope.AddSource(new Parameter(TensorShape.Of(scope.Options.Ints("dims", min: 1) ?? [])));
}
