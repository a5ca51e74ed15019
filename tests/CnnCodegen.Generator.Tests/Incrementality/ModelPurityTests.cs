using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Tests.Incrementality;

/// <summary>Only reading, diagnostics and the pipeline know Roslyn, and literals how it spells C#; nothing else could be cached over an edit.</summary>
public class ModelPurityTests
{
    private static readonly string[] RoslynPlaces = ["Reading/", "Diagnostics/", "NetworkGenerator.cs", "Emission/Literals.cs"];

    [Fact]
    public void No_object_of_Roslyn_is_reachable_from_a_model()
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Visit(Definition.Read("""
            [Network(Weights = "w")]
            [Input("x", 4, 8, 8)]
            [Conv("c", 4, Kernel = 3, Padding = 1), BatchNorm, PRelu, MaxPool(2)]
            [Split("s", 2), Add("sum", "s.0", "s.1"), Resize("r", Scale = 2)]
            """), seen);

        Assert.Contains(seen, item => item is Pool);
        Assert.DoesNotContain(seen, item => item.GetType().Assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
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
