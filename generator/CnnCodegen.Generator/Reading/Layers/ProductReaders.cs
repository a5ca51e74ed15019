using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Matrix products.</summary>
internal static class ProductReaders
{
    public static void Linear(LayerScope scope)
    {
        Linear layer = new(scope.Options.Int("outFeatures", min: 1), scope.Options.Bool("Bias", true))
        {
            Algorithm = scope.Options.Enum<ConvAlgorithm>("Algorithm"),
        };
        scope.AddRefined(_ => layer);
    }

    public static void MatMul(LayerScope scope) =>
        scope.Add(new MatMul(), scope.Operand(scope.Options.String("a") ?? ""), scope.Operand(scope.Options.String("b") ?? ""));
}
