using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>Which algorithms measured best for a network: what <c>cnncodegen tune</c> writes.</summary>
/// <param name="Network">The full name of the class.</param>
/// <param name="File">The file's name, for messages.</param>
/// <param name="Layers">The measured layers.</param>
internal sealed record Tuning(string Network, string File, EquatableArray<TunedLayer> Layers);

/// <summary>The algorithm for a layer on an instruction set, both by the names of the command line and the plan.</summary>
internal sealed record TunedLayer(string Isa, string Layer, string Algorithm);
