using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Generator.Reading;

/// <summary>What became of one class.</summary>
/// <param name="Model">The network; null where it is in error.</param>
/// <param name="Diagnostics">At their places in the source.</param>
internal sealed record NetworkReading(NetworkModel? Model, EquatableArray<Diagnostic> Diagnostics)
{
    /// <summary>The layers that ask for an algorithm, in case they cannot have it.</summary>
    public EquatableArray<PinnedLayer> Pins { get; init; }
}

/// <summary>Where a layer asks for an algorithm.</summary>
/// <param name="Network">The full name of the class.</param>
/// <param name="Layer">The node.</param>
/// <param name="Title">The layer in words.</param>
/// <param name="Location">Its attribute.</param>
internal sealed record PinnedLayer(string Network, string Layer, string Title, Location Location);

/// <summary>What the compiler's options say about the project.</summary>
internal readonly record struct TargetFacts(bool AllowUnsafe)
{
    public static TargetFacts Of(Compilation compilation) =>
        new(compilation.Options is CSharpCompilationOptions { AllowUnsafe: true });
}
