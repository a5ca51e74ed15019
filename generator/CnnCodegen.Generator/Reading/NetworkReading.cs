using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Generator.Reading;

/// <summary>What became of one class.</summary>
/// <param name="Model">The network; null where it is in error.</param>
/// <param name="Diagnostics">At their places in the source.</param>
internal sealed record NetworkReading(NetworkModel? Model, EquatableArray<Diagnostic> Diagnostics);

/// <summary>What the compiler's options say about the project.</summary>
internal readonly record struct TargetFacts(bool AllowUnsafe)
{
    public static TargetFacts Of(Compilation compilation) =>
        new(compilation.Options is CSharpCompilationOptions { AllowUnsafe: true });
}
