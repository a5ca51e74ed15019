using System.Reflection;
using System.Runtime.Loader;
using CnnCodegen.Execution;
using CnnCodegen.Tool.Compilation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>
/// The programs of many variants, compiled together: starting the compiler costs more than compiling another network. Every method
/// is checked against the limits beyond which the JIT compiles without optimisation.
/// </summary>
internal sealed class Batch
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);
    private readonly Assembly _assembly;

    private Batch(Assembly assembly) => _assembly = assembly;

    /// <summary>Compiles the variants' programs.</summary>
    /// <exception cref="CompilationException">The generated code does not compile.</exception>
    public static Batch Compile(string name, IEnumerable<Variant> variants)
    {
        SyntaxTree[] trees = [.. variants.SelectMany(v => v.Emit()).AsParallel().Select(file => CSharpSyntaxTree.ParseText(file.Text, ParseOptions, file.HintName))];
        using MemoryStream image = new();
        EmitResult result = NetworkCompiler.CreateCompilation(name, trees).Emit(image);
        if (!result.Success)
            throw new CompilationException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(20)));

        string[] violations = [.. IlBudget.Violations(image.ToArray())];
        Assert.True(violations.Length == 0, string.Join("\n", violations));
        image.Position = 0;
        return new Batch(new AssemblyLoadContext(name, isCollectible: true).LoadFromStream(image));
    }

    /// <summary>A variant's program.</summary>
    public NetworkProgram Program(Variant variant) => (NetworkProgram)Activator.CreateInstance(_assembly.GetType(variant.ProgramName, throwOnError: true)!)!;
}
