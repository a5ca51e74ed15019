using System.Diagnostics;
using CnnCodegen.Generator;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnCodegen.Tool.Compilation;

/// <summary>An annotated class, compiled as a project would compile it.</summary>
/// <param name="Network">The loaded code.</param>
/// <param name="Files">What the generator wrote.</param>
/// <param name="Warnings">What the generator noticed.</param>
/// <param name="GenerationTime">Time from the source text to the generated files.</param>
/// <param name="CompilationTime">Time of the C# compiler.</param>
internal sealed record CompiledSource(CompiledNetwork Network, IReadOnlyList<GeneratedFile> Files, IReadOnlyList<string> Warnings, TimeSpan GenerationTime, TimeSpan CompilationTime) : IDisposable
{
    public void Dispose() => Network.Dispose();
}

/// <summary>Runs the generator over the source text of an annotated class, in memory, and compiles the result.</summary>
internal static class SourceCompiler
{
    /// <summary>What <c>ImplicitUsings</c> adds to a library.</summary>
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    /// <param name="path">The file, for messages.</param>
    /// <param name="source">Its text, which must hold one annotated class.</param>
    /// <param name="isa">The instruction set to generate for.</param>
    /// <param name="tuning">Says which algorithms to use; null: the generator estimates.</param>
    /// <param name="manifest">Says which weights are zero, for layers that may be unrolled.</param>
    /// <exception cref="CompilationException">The source is in error; the message holds the diagnostics.</exception>
    /// <exception cref="Commands.CommandException">The tuning file is for another network.</exception>
    public static CompiledSource Compile(string path, string source, TargetIsa isa, TuningFile? tuning = null, ManifestFile? manifest = null)
    {
        long start = Stopwatch.GetTimestamp();
        CSharpCompilation project = Project(path, source);
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new NetworkGenerator().AsSourceGenerator()], [.. new AdditionalText?[] { tuning, manifest }.OfType<AdditionalText>()], NetworkCompiler.ParseOptions, optionsProvider: new GeneratorOptions(isa))
            .RunGeneratorsAndUpdateCompilation(project, out Microsoft.CodeAnalysis.Compilation complete, out _);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        if (result.Exception is { } fault) throw new CompilationException($"{path}: the generator failed: {fault.Message}", fault);
        Refuse(result.Diagnostics, project);
        TimeSpan generation = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        CompiledNetwork network = NetworkCompiler.EmitSingle((CSharpCompilation)complete, path);
        tuning?.ContentFor(network.Name);
        GeneratedFile[] files = [.. result.GeneratedSources.Select(s => new GeneratedFile(s.HintName, s.SourceText.ToString()))];
        string[] warnings = [.. result.Diagnostics.Select(d => d.ToString())];
        return new CompiledSource(network, files, warnings, generation, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The network that an annotated class defines.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="source">Its text, which must hold one annotated class.</param>
    /// <exception cref="CompilationException">The source is in error; the message holds the diagnostics.</exception>
    public static NetworkModel Read(string path, string source)
    {
        CSharpCompilation project = Project(path, source);
        INamedTypeSymbol marker = project.GetTypeByMetadataName(NetworkReader.MarkerName)!;
        INamedTypeSymbol[] types = [.. project.GetSymbolsWithName(_ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Where(type => type.GetAttributes().Any(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, marker)))];
        NetworkReading reading = NetworkReader.Read(NetworkCompiler.Single(types, path, type => type.ToDisplayString()), TargetFacts.Of(project), CancellationToken.None);
        Refuse(reading.Diagnostics, project);
        return reading.Model ?? throw new CompilationException(string.Join(Environment.NewLine, project.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)));
    }

    private static CSharpCompilation Project(string path, string source) => NetworkCompiler.CreateCompilation(
        Path.GetFileNameWithoutExtension(path),
        [NetworkCompiler.Parse(path, source), NetworkCompiler.Parse("ImplicitUsings.cs", ImplicitUsings)]);

    /// <summary>
    /// Refuses what the generator refused. What the compiler says about the attributes stands before it: one that the compiler
    /// does not know is no layer to the generator.
    /// </summary>
    private static void Refuse(IEnumerable<Diagnostic> diagnostics, CSharpCompilation project)
    {
        Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
        if (errors.Length == 0) return;
        IEnumerable<Diagnostic> before = project.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && IsInAttribute(d.Location));
        throw new CompilationException(string.Join(Environment.NewLine, before.Concat(errors)));
    }

    private static bool IsInAttribute(Location location) =>
        location.SourceTree?.GetRoot().FindNode(location.SourceSpan).FirstAncestorOrSelf<AttributeListSyntax>() is not null;
}
