using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Layers that sum over dimensions.</summary>
internal static class ReductionReaders
{
    public static void Softmax(LayerScope scope) => AddSoftmax(scope, log: false);

    public static void LogSoftmax(LayerScope scope) => AddSoftmax(scope, log: true);

    public static void ReduceMean(LayerScope scope)
    {
        int[] axes = scope.Options.Ints("axes") ?? [];
        bool keepDims = scope.Options.Bool("KeepDims", true);
        scope.Add(_ => new ReduceMean(new EquatableArray<int>(axes), keepDims));
    }

    private static void AddSoftmax(LayerScope scope, bool log)
    {
        Softmax layer = new(scope.Options.Int("Axis", -1), log);
        scope.Add(_ => layer);
    }
}
