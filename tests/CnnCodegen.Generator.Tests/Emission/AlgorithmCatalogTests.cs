using System.Runtime.CompilerServices;
using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Algorithms.Reference;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>What every entry of the catalog has.</summary>
public class AlgorithmCatalogTests
{
    public static TheoryData<string> Algorithms => new(AlgorithmCases.Algorithms);

    [Fact]
    public void Names_are_unique_and_the_reference_is_last()
    {
        Assert.Distinct(AlgorithmCases.Algorithms);
        Assert.IsType<ReferenceAlgorithm>(AlgorithmCatalog.All[^1]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Its_folder_has_a_readme(string algorithm)
    {
        string folder = AlgorithmCatalog.All.Single(entry => entry.Name == algorithm).GetType().Namespace!.Split('.')[^1];

        Assert.StartsWith("# ", File.ReadAllText(Path.Combine(AlgorithmsFolder(), folder, "README.md")), StringComparison.Ordinal);
    }

    private static string AlgorithmsFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../generator/CnnCodegen.Generator/Algorithms"));
}
