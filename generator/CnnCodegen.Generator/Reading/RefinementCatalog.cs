using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading.Layers;

namespace CnnCodegen.Generator.Reading;

/// <summary>Adds a layer as a refinement wants it: with another representation of its weights, or as several nodes.</summary>
internal delegate void Refiner(LayerScope scope, Func<TensorShape, WeightedLayer> layer);

/// <summary>One attribute that says how the weights of the layer before it are represented.</summary>
/// <param name="Name">The attribute's name without its suffix.</param>
/// <param name="Read">Reads the options.</param>
internal sealed record RefinementKind(string Name, Func<AttributeArguments, Refiner> Read);

/// <summary>The list of all refinements: a new one is a line here, a record in the model and an attribute of the run time.</summary>
internal static class RefinementCatalog
{
    private static readonly Dictionary<string, RefinementKind> Kinds = new RefinementKind[]
    {
        new("Sparse", RefinementReaders.Sparse),
        new("Lookup", RefinementReaders.Lookup),
        new("SparseDecomposed", RefinementReaders.SparseDecomposed),
        new("Binary", BinaryReaders.Binary),
        new("BinaryWeight", BinaryReaders.BinaryWeight),
        new("Xnor", BinaryReaders.Xnor),
        new("DoReFa", BinaryReaders.DoReFa),
        new("Bitwise", BinaryReaders.Bitwise),
        new("Int8", RefinementReaders.Int8),
    }.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Kinds.Keys;

    public static RefinementKind? Find(string name) => Kinds.TryGetValue(name, out RefinementKind? kind) ? kind : null;
}
