using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Tests.Snapshots;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>What a user of the example sees: the generated part of the class, and the kernel that its README shows.</summary>
public class DigitsSnapshotTests
{
    [Fact]
    public async Task The_public_class_is_as_accepted()
    {
        GeneratorRun run = Digits();

        Assert.Empty(run.Diagnostics);
        await SnapshotVerifier.Verify(run.Sources.Where(source => source.Hint == "CnnCodegen.Examples.Digits.g.cs"), "PublicClass");
    }

    [Fact]
    public void The_kernel_in_the_README_is_generated()
    {
        string readme = File.ReadAllText(PathOf("README.md"));
        string kernel = Unindent(readme.Split("```csharp\n")[1].Split("```")[0]);

        Assert.Contains(Digits().Sources, source => Unindent(source.Text).Contains(kernel, StringComparison.Ordinal));
    }

    private static GeneratorRun Digits() => GeneratorHost.Run("using CnnCodegen;\n" + File.ReadAllText(PathOf("Digits.cs")));

    private static string Unindent(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimStart()));

    private static string PathOf(string file, [CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../examples/Digits", file));
}
