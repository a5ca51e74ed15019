using System.Reflection;
using System.Runtime.Loader;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CnnCodegen.Tool.Compilation;

/// <summary>Compiles networks in memory: the generator's files, the C# compiler, an assembly that can be unloaded.</summary>
internal static class NetworkCompiler
{
    private static readonly Lazy<MetadataReference[]> PlatformReferences = new(FindReferences);

    /// <summary>The language that sources and generated files are in.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>All assemblies of the running framework and the run-time library.</summary>
    public static IReadOnlyList<MetadataReference> References => PlatformReferences.Value;

    /// <summary>Plans, emits and compiles a model for the given instruction sets, best first.</summary>
    public static CompiledNetwork Compile(NetworkModel model, params Isa[] isas)
    {
        NetworkType type = model.Type;
        string declaration = (type.Namespace.Length == 0 ? "" : $"namespace {type.Namespace};\n") + $"public sealed partial class {Literals.Name(type.Name)};\n";
        IEnumerable<(string Path, string Text)> files = NetworkFiles.Emit(model, isas).Select(f => (f.HintName, f.Text));
        return Compile(type.FullName, files.Prepend((type.FullName + ".cs", declaration)));
    }

    /// <summary>Compiles C# files and loads the assembly.</summary>
    /// <param name="typeName">The network's class, with its namespace.</param>
    /// <param name="files">Path (as it appears in messages) and text of every file.</param>
    /// <exception cref="CompilationException">The code does not compile; the message holds the compiler's errors.</exception>
    public static CompiledNetwork Compile(string typeName, IEnumerable<(string Path, string Text)> files)
    {
        SyntaxTree[] trees = files.AsParallel().AsOrdered()
            .Select(f => Parse(f.Path, f.Text)).ToArray();
        return Emit(typeName, CreateCompilation(typeName, trees));
    }

    /// <summary>A file of a project.</summary>
    public static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), ParseOptions, path);

    /// <summary>A compilation with the options that a project with unsafe code has.</summary>
    public static CSharpCompilation CreateCompilation(string name, IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        name + ".Compiled",
        trees,
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Emits and loads a compilation.</summary>
    /// <exception cref="CompilationException">The code does not compile.</exception>
    public static CompiledNetwork Emit(string typeName, CSharpCompilation compilation)
    {
        (Assembly assembly, byte[] image) = Load(compilation);
        Type type = assembly.GetType(typeName) ?? throw new CompilationException($"The class {typeName} is not in the compiled assembly.");
        return new CompiledNetwork(type, image);
    }

    /// <summary>Emits and loads a compilation that holds one network.</summary>
    /// <param name="compilation">With the generated files.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="CompilationException">The code does not compile, or holds no or several networks.</exception>
    public static CompiledNetwork EmitSingle(CSharpCompilation compilation, string path)
    {
        (Assembly assembly, byte[] image) = Load(compilation);
        Type[] networks = [.. assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(INetwork)))];
        return new CompiledNetwork(Single(networks, path, t => t.FullName!), image);
    }

    /// <summary>The only network of a file.</summary>
    /// <exception cref="CompilationException">There is none, or there are several.</exception>
    public static T Single<T>(IReadOnlyList<T> networks, string path, Func<T, string> name) => networks.Count switch
    {
        1 => networks[0],
        0 => throw new CompilationException($"{path}: there is no class with the attribute [Network]"),
        _ => throw new CompilationException($"{path}: there are {networks.Count} networks ({string.Join(", ", networks.Select(name))}); give a file with one"),
    };

    private static (Assembly Assembly, byte[] Image) Load(CSharpCompilation compilation)
    {
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            IEnumerable<Diagnostic> errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error);
            throw new CompilationException(string.Join(Environment.NewLine, errors.Take(20)));
        }

        image.Position = 0;
        return (new AssemblyLoadContext(compilation.AssemblyName, isCollectible: true).LoadFromStream(image), image.ToArray());
    }

    private static MetadataReference[] FindReferences()
    {
        string paths = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        HashSet<string> wanted = new(StringComparer.OrdinalIgnoreCase) { typeof(INetwork).Assembly.Location, typeof(System.Numerics.Tensors.Tensor).Assembly.Location };
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return paths.Split(Path.PathSeparator)
            .Where(p => Path.GetDirectoryName(p) == framework || wanted.Contains(p))
            .Concat(wanted).Distinct()
            .Select(p => (MetadataReference)MetadataReference.CreateFromFile(p)).ToArray();
    }
}

/// <summary>The generated code does not compile.</summary>
internal sealed class CompilationException(string message, Exception? cause = null) : Exception(message, cause);
