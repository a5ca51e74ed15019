using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnCodegen.Generator.Reading;

/// <summary>The project's settings, and what is wrong with them.</summary>
internal sealed record SettingsReading(ProjectSettings Settings, Diagnostic? Diagnostic);

/// <summary>Reads the MSBuild properties that the package makes visible to the compiler.</summary>
internal static class SettingsReader
{
    private const string TargetIsaKey = "build_property.CnnTargetIsa";

    public static SettingsReading Read(AnalyzerConfigOptions options)
    {
        string text = options.TryGetValue(TargetIsaKey, out string? value) ? value.Trim() : "";
        IsaSelection? selection = text.ToLowerInvariant() switch
        {
            "" or "auto" => IsaSelection.Auto,
            "avx512" => IsaSelection.Avx512,
            "avx2" => IsaSelection.Avx2,
            "portable" => IsaSelection.Portable,
            _ => null,
        };
        return selection is { } isa
            ? new SettingsReading(new ProjectSettings(isa), null)
            : new SettingsReading(new ProjectSettings(), Diagnostic.Create(DiagnosticDescriptors.UnknownTargetIsa, Location.None, text));
    }
}
