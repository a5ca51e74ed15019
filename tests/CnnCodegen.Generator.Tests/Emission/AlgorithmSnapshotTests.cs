using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Tests.Snapshots;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>All files of a small network for each algorithm of the catalog, for every instruction set.</summary>
public class AlgorithmSnapshotTests
{
    public static TheoryData<string> Algorithms => new(AlgorithmCases.Algorithms);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Text_is_as_accepted(string algorithm)
    {
        GeneratorRun run = GeneratorHost.Run(AlgorithmCases.Source(algorithm), files: AlgorithmCases.Manifest);

        Assert.Empty(run.Diagnostics);
        await SnapshotVerifier.Verify(run.Sources, AlgorithmCases.ClassOf(algorithm));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_network_uses_the_algorithm_on_every_instruction_set(string algorithm)
    {
        IReadOnlyList<NetworkPlan> plans = Definition.Plans(GeneratorHost.Run(AlgorithmCases.Source(algorithm), files: AlgorithmCases.Manifest));

        Assert.Equal([Isa.Avx512, Isa.Avx2, Isa.Portable], plans.Select(plan => plan.Isa));
        Assert.All(plans, plan => Assert.Contains(plan.Kernels, kernel => kernel.Algorithm == algorithm));
    }
}
