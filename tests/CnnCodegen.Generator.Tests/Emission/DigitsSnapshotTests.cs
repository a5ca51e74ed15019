using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Tests.Snapshots;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>What a user of the example sees: the generated part of the class.</summary>
public class DigitsSnapshotTests
{
    [Fact]
    public async Task The_public_class_is_as_accepted()
    {
        GeneratorRun run = GeneratorHost.Run("using CnnCodegen;\n" + File.ReadAllText(PathOfDigits()));

        Assert.Empty(run.Diagnostics);
        await SnapshotVerifier.Verify(run.Sources.Where(source => source.Hint == "CnnCodegen.Examples.Digits.g.cs"), "PublicClass");
    }

    private static string PathOfDigits([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../examples/Digits/Digits.cs"));
}
