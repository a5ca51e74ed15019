using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Conformance.Tests;

/// <summary>No algorithm enters the catalog without being tested.</summary>
public class CatalogTests
{
    /// <summary>Cases below which an algorithm has not been tried on enough shapes.</summary>
    private const int EnoughCases = 5;

    public static TheoryData<string> Algorithms => [.. AlgorithmCatalog.All.Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Algorithm_is_exercised_on_every_instruction_set(string algorithm)
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            int cases = CaseGroups.All.Values.SelectMany(group => group.Variants)
                .Where(v => v.Plan.Isa == isa && v.Algorithms.Contains(algorithm)).DistinctBy(v => v.Case.Name).Count();
            Assert.True(cases >= EnoughCases, $"{algorithm} computes part of {cases} cases on {isa}; add cases that it claims");
        }
    }

    [Fact]
    public void Plain_algorithms_decline_no_layer()
    {
        foreach (Case source in CaseGroups.All.Values.SelectMany(group => group.Cases))
        {
            NetworkPlan plan = NetworkPlanner.Plan(source.Model, Isa.Portable, catalog: Variant.Plain);
            string[] plain = [.. Variant.Plain.Select(a => a.Name), "reorder"];
            Assert.All(plan.Kernels, kernel => Assert.Contains(kernel.Algorithm, plain));
        }
    }

    [Fact]
    public void Every_kind_of_layer_has_a_case()
    {
        HashSet<Type> covered = [.. CaseGroups.All.Values.SelectMany(group => group.Cases).SelectMany(c => c.Model.Nodes).Select(n => n.Layer.GetType())];
        IEnumerable<Type> kinds = typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract && t != typeof(Flatten));
        Assert.All(kinds, kind => Assert.Contains(kind, covered));
    }
}
