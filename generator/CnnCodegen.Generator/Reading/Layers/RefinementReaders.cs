using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Reading.Layers;

/// <summary>Representations of weights.</summary>
internal static class RefinementReaders
{
    public static Refiner Sparse(AttributeArguments options)
    {
        double density = options.Double("density");
        if (density is not (> 0 and <= 1)) throw new ModelException(FormattableString.Invariant($"density is {density}; it must be above 0 and at most 1"));
        return Weights(new Sparse(density));
    }

    public static Refiner Int8(AttributeArguments options) => Weights(new Int8());

    /// <summary>The layer itself, with the knowledge about its weights.</summary>
    private static Refiner Weights(Refinement refinement) => (scope, layer) => scope.Add(x => layer(x) with { Refinement = refinement });
}
