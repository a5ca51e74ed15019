using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Pooling.</summary>
internal static class PoolReaders
{
    public static Action<LayerScope> Window(PoolKind kind) => scope =>
    {
        WindowOptions window = WindowOptions.ReadPooling(scope.Options);
        bool ceilMode = scope.Options.Bool("CeilMode", false), countIncludePad = scope.Options.Bool("CountIncludePad", false);
        scope.Add(x => new Pool(kind, window.For(x, ceilMode), countIncludePad));
    };

    public static Action<LayerScope> Global(PoolKind kind) => scope => scope.Add(_ => new GlobalPool(kind));
}
