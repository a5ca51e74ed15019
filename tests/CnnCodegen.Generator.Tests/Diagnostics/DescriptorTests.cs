using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

/// <summary>Each diagnostic has an entry in the README that its help link points at, and a test class.</summary>
public class DescriptorTests
{
    private static readonly DiagnosticDescriptor[] Descriptors =
        typeof(DiagnosticDescriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (DiagnosticDescriptor)field.GetValue(null)!).ToArray();

    public static TheoryData<string> Ids => new(Descriptors.Select(descriptor => descriptor.Id));

    [Fact]
    public void Ids_are_numbered_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, Descriptors.Length).Select(i => $"CNN{i:0000}"), Descriptors.Select(descriptor => descriptor.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Is_documented(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.Single(d => d.Id == id);

        Assert.EndsWith($"/generator/CnnCodegen.Generator/Diagnostics/README.md#{id.ToLowerInvariant()}", descriptor.HelpLinkUri);
        Assert.Contains($"<a id=\"{id.ToLowerInvariant()}\"></a>\n## {id}: {descriptor.Title.ToString(CultureInfo.InvariantCulture)}\n", Readme());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_test_class(string id) => Assert.Single(
        typeof(DescriptorTests).Assembly.GetExportedTypes(),
        type => type.Name.StartsWith(id, StringComparison.OrdinalIgnoreCase) && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute))));

    private static string Readme([CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "../../../generator/CnnCodegen.Generator/Diagnostics/README.md"));
}
