using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Tests.Emission;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Incrementality;

/// <summary>Only reading, diagnostics and the pipeline know Roslyn, and literals how it spells C#; nothing else could be cached over an edit.</summary>
public class ModelPurityTests
{
    private static readonly string[] RoslynPlaces = ["Reading/", "Diagnostics/", "NetworkGenerator.cs", "Emission/Literals.cs"];

    /// <summary>A delegate has no value equality either, and may hold anything.</summary>
    [Fact]
    public void No_object_of_Roslyn_and_no_delegate_is_reachable_from_what_is_cached()
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        GeneratorRun run = new ConsumerProject().Generate(AlgorithmCases.Sources);
        foreach (string step in (string[])[TrackingNames.Model, TrackingNames.Plan, TrackingNames.Kernel]) Visit(Definition.Outputs<object>(run, step), seen);

        Assert.All(AlgorithmCases.Algorithms, algorithm => Assert.Contains(seen, item => item is KernelPlan kernel && kernel.Algorithm == algorithm));
        Assert.Contains(seen, item => item is Pool);
        Assert.DoesNotContain(seen, item => item is Delegate || item.GetType().Assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_reading_and_diagnostics_name_Roslyn()
    {
        string root = GeneratorRoot();
        IEnumerable<string> offenders = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !RoslynPlaces.Concat(["bin/", "obj/"]).Any(place => path.StartsWith(place, StringComparison.Ordinal)))
            .Where(path => File.ReadAllText(Path.Combine(root, path)).Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal));

        Assert.Empty(offenders);
    }

    private static void Visit(object? value, HashSet<object> seen)
    {
        if (value is null || value is Type || value.GetType().IsPrimitive || !seen.Add(value)) return;
        if (value is string) return;
        if (value is IEnumerable items)
            foreach (object? item in items) Visit(item, seen);
        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            Visit(field.GetValue(value), seen);
    }

    private static string GeneratorRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../generator/CnnCodegen.Generator"));
}
