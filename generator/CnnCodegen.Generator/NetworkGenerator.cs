using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnCodegen.Generator;

/// <summary>
/// Compiles every class marked with <c>[Network]</c>. Diagnostics leave the pipeline beside the models, so that an edit
/// that moves a diagnostic recompiles nothing.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<NetworkReading> readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                NetworkReader.MarkerName,
                static (node, _) => node is TypeDeclarationSyntax,
                static (match, token) => NetworkReader.Read((INamedTypeSymbol)match.TargetSymbol, TargetFacts.Of(match.SemanticModel.Compilation), token))
            .WithTrackingName(TrackingNames.Read);
        IncrementalValueProvider<SettingsReading> settings = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => SettingsReader.Read(options.GlobalOptions));

        context.RegisterSourceOutput(readings.SelectMany(static (reading, _) => reading.Diagnostics), static (output, diagnostic) => output.ReportDiagnostic(diagnostic));
        context.RegisterSourceOutput(settings, static (output, reading) =>
        {
            if (reading.Diagnostic is { } diagnostic) output.ReportDiagnostic(diagnostic);
        });

        IncrementalValuesProvider<NetworkModel> models = readings
            .Where(static reading => reading.Model is not null)
            .Select(static (reading, _) => reading.Model!)
            .WithTrackingName(TrackingNames.Model);
        IncrementalValueProvider<ProjectSettings> projectSettings = settings
            .Select(static (reading, _) => reading.Settings)
            .WithTrackingName(TrackingNames.Settings);

        // Planning and emission take the models from here.
        context.RegisterSourceOutput(models.Combine(projectSettings), static (_, _) => { });
    }
}
