using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>Where the weights of a file lie that are not zero: what a build writes for a weight file whose layers may be unrolled.</summary>
/// <param name="Weights">The name of the weight file.</param>
/// <param name="File">The manifest's own name, for messages.</param>
/// <param name="Tensors">Every tensor of two dimensions or more.</param>
internal sealed record WeightManifest(string Weights, string File, EquatableArray<WeightPattern> Tensors)
{
    /// <summary>The places in a tensor, ascending, as indices in row-major order; null if the file has no such tensor.</summary>
    public EquatableArray<int>? NonZeros(string tensor) => Tensors.FirstOrDefault(t => t.Name == tensor)?.NonZeros;
}

/// <summary>The weights of a tensor that are not zero, by their indices in row-major order.</summary>
internal sealed record WeightPattern(string Name, EquatableArray<int> NonZeros);
