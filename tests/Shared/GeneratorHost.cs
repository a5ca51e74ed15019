using System.Collections.Immutable;
using System.Reflection;
using CnnCodegen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;

namespace CnnCodegen.Testing;

/// <summary>What one run of the generator gave.</summary>
/// <param name="Driver">The driver behind the run; run it again to see what is recomputed.</param>
/// <param name="Output">The user's source and the generated one.</param>
/// <param name="Result">What the driver reports, tracked steps included.</param>
internal sealed record GeneratorRun(GeneratorDriver Driver, Compilation Output, GeneratorRunResult Result)
{
    /// <summary>What the generator reported.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => Result.Diagnostics;

    /// <summary>The generated files.</summary>
    public IReadOnlyList<(string Hint, string Text)> Sources =>
        Result.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString())).ToArray();

    /// <summary>What the compiler says about the user's source and the generated one together.</summary>
    public ImmutableArray<Diagnostic> CompilerDiagnostics => Output.GetDiagnostics();

    /// <summary>Compiles and loads the project.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public Assembly Load()
    {
        using MemoryStream image = new();
        EmitResult result = Output.Emit(image);
        return result.Success ? Assembly.Load(image.ToArray())
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
    }
}

/// <summary>Compiles source text as a user's project would: against the run time, with the generator.</summary>
internal static class GeneratorHost
{
    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    /// <summary>Runs the generator on a project of one file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="targetIsa">The MSBuild property <c>CnnTargetIsa</c>; null: not set.</param>
    /// <param name="allowUnsafe">The MSBuild property <c>AllowUnsafeBlocks</c>.</param>
    /// <param name="files">Additional files of the project.</param>
    public static GeneratorRun Run(string source, string? targetIsa = null, bool allowUnsafe = true, params AdditionalText[] files) =>
        Run(CreateDriver(targetIsa).AddAdditionalTexts([.. files]), Compile(source, allowUnsafe));

    /// <summary>Runs a driver, which remembers its earlier runs.</summary>
    public static GeneratorRun Run(GeneratorDriver driver, Compilation compilation)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return new GeneratorRun(driver, output, driver.GetRunResult().Results.Single());
    }

    /// <summary>A driver that has not run.</summary>
    public static GeneratorDriver CreateDriver(string? targetIsa = null) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        optionsProvider: Settings(targetIsa),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The MSBuild properties of a project.</summary>
    public static AnalyzerConfigOptionsProvider Settings(string? targetIsa) => new Options(targetIsa);

    /// <summary>A library of one file.</summary>
    public static CSharpCompilation Compile(string source, bool allowUnsafe = true) => CSharpCompilation.Create(
        "UserProject",
        [Parse(source)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: allowUnsafe, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A file of that library.</summary>
    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, ParseOptions, path: "User.cs");

    private static CSharpParseOptions ParseOptions => CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>The running framework, the run time and what it depends on; nothing else of the test's own references.</summary>
    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] own = ["CnnCodegen.dll", "System.Numerics.Tensors.dll"];
        return [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework || own.Contains(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path))];
    }

    private sealed class Options(string? targetIsa) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Global(targetIsa);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Global(string? targetIsa) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.CnnTargetIsa" ? targetIsa : null;
            return value is not null;
        }
    }
}
