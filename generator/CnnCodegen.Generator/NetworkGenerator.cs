using System.Text;
using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Reading;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

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

        IncrementalValueProvider<EquatableArray<FileReading<Tuning>>> tunings = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(TuningReader.Suffix, StringComparison.OrdinalIgnoreCase))
            .Select(static (file, token) => TuningReader.Read(file.Path, file.GetText(token)?.ToString() ?? ""))
            .Collect()
            .Select(static (readings, _) => TuningReader.Distinct(readings));
        IncrementalValueProvider<EquatableArray<FileReading<WeightManifest>>> manifests = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(ManifestReader.Suffix, StringComparison.OrdinalIgnoreCase))
            .Select(static (file, token) => ManifestReader.Read(file.Path, file.GetText(token)?.ToString() ?? ""))
            .Collect()
            .Select(static (readings, _) => ManifestReader.Distinct(readings));

        IncrementalValuesProvider<Diagnostic> strays = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                NetworkReader.InputName,
                static (node, _) => node is TypeDeclarationSyntax,
                static (match, _) => NetworkReader.Stray((INamedTypeSymbol)match.TargetSymbol, (TypeDeclarationSyntax)match.TargetNode))
            .SelectMany(static (diagnostic, _) => diagnostic is null ? [] : new[] { diagnostic });

        context.RegisterSourceOutput(strays, static (output, diagnostic) => output.ReportDiagnostic(diagnostic));
        context.RegisterSourceOutput(readings.SelectMany(static (reading, _) => reading.Diagnostics), static (output, diagnostic) => output.ReportDiagnostic(diagnostic));
        context.RegisterSourceOutput(settings, static (output, reading) =>
        {
            if (reading.Diagnostic is { } diagnostic) output.ReportDiagnostic(diagnostic);
        });
        context.RegisterSourceOutput(
            tunings.SelectMany(static (files, _) => files.Select(f => f.Diagnostic)).Collect().Combine(manifests.SelectMany(static (files, _) => files.Select(f => f.Diagnostic)).Collect()),
            static (output, diagnostics) =>
            {
                foreach (Diagnostic? diagnostic in diagnostics.Left.Concat(diagnostics.Right))
                    if (diagnostic is not null) output.ReportDiagnostic(diagnostic);
            });

        IncrementalValuesProvider<NetworkModel> models = readings
            .Where(static reading => reading.Model is not null)
            .Select(static (reading, _) => reading.Model!)
            .WithTrackingName(TrackingNames.Model);
        IncrementalValueProvider<IsaSelection> isa = settings
            .Select(static (reading, _) => reading.Settings.TargetIsa)
            .WithTrackingName(TrackingNames.Settings);

        IncrementalValueProvider<EquatableArray<string>> twins = models
            .Select(static (model, _) => model.Type)
            .Collect()
            .Select(static (types, _) => NetworkTwins.Among(types));

        IncrementalValuesProvider<(NetworkModel Model, IsaSelection Isa)> networks = models
            .Combine(twins)
            .Select(static (network, _) => NetworkTwins.Number(network.Left, network.Right))
            .Combine(tunings)
            .Select(static (network, _) => network.Left with { Tuning = network.Right.Select(r => r.Content).FirstOrDefault(t => t?.Network == network.Left.Type.FullName) })
            .Combine(manifests)
            .Select(static (network, _) => network.Left.Unrolls ? network.Left with { Manifest = network.Right.Select(r => r.Content).FirstOrDefault(m => m?.Weights == network.Left.Type.Weights) } : network.Left)
            .Combine(isa);
        IncrementalValuesProvider<NetworkPlan> plans = networks
            .SelectMany(static (network, _) => network.Isa.Isas().Select(isa => (network.Model, Isa: isa)))
            .Select(static (target, token) => NetworkPlanner.Plan(target.Model, target.Isa, token))
            .WithTrackingName(TrackingNames.Plan);
        IncrementalValuesProvider<(NetworkType Type, KernelPlan Kernel)> kernels = plans
            .SelectMany(static (plan, _) => plan.Kernels.Select(kernel => (plan.Model.Type, kernel)))
            .WithTrackingName(TrackingNames.Kernel);

        IncrementalValueProvider<System.Collections.Immutable.ImmutableArray<PinnedLayer>> pins = readings.SelectMany(static (reading, _) => reading.Pins).Collect();
        context.RegisterSourceOutput(
            plans.SelectMany(static (plan, _) => plan.Refusals.Select(refusal => (plan.Model.Type.FullName, refusal))).Combine(pins),
            static (output, item) => output.ReportDiagnostic(RefusalReport.Of(item.Left.FullName, item.Left.refusal, item.Right)));
        IncrementalValueProvider<EquatableArray<string>> names = readings.Select(static (reading, _) => reading.Model?.Type.FullName ?? "").Collect().Select(static (names, _) => names.ToEquatableArray());
        context.RegisterSourceOutput(tunings.SelectMany(static (files, _) => files).Combine(names), static (output, item) =>
        {
            // A class in error has no name here, and may be the one.
            if (item.Left.Content is { } tuning && item.Right.All(name => name.Length > 0 && name != tuning.Network))
                output.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.TuningOfNothing, Location.None, tuning.File, tuning.Network));
        });
        context.RegisterSourceOutput(networks, static (output, network) => Add(output, NetworkEmitter.Emit(network.Model, network.Isa.Isas())));
        context.RegisterSourceOutput(plans, static (output, plan) => Add(output, ProgramEmitter.Emit(plan)));
        context.RegisterSourceOutput(kernels, static (output, item) => Add(output, KernelEmitter.Emit(item.Type, item.Kernel)));
    }

    private static void Add(SourceProductionContext output, GeneratedFile file) =>
        output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
}
