using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;

namespace CnnCodegen.Conformance.Tests;

/// <summary>
/// Every case, planned by the whole catalog and by each algorithm that claims it, on every instruction set: its results are the oracle's within
/// what rounding allows (nothing, where sums of small integers are exact), and no byte beside its memory is touched.
/// </summary>
public class ConformanceTests
{
    public static TheoryData<string, string> Cases => CaseGroups.Names();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_are_right_and_no_byte_beside_the_memory_is_touched(string group, string name)
    {
        CaseGroup cases = CaseGroups.All[group];
        CaseData data = new(cases[name]);
        Bounded[] expected = new ErrorModel(cases[name].Model, data.Weight).Run(data.Tensors(data.Inputs));
        List<string> errors = [];
        foreach (Variant variant in cases.VariantsOf(name))
        {
            NetworkProgram program = cases.Batch.Program(variant);
            foreach (GuardedEdge edge in Enum.GetValues<GuardedEdge>())
            {
                float[][] outputs = Runner.RunGuarded(program, data, edge);
                errors.AddRange(expected.Select((e, i) => e.Check(outputs[i])).OfType<string>().Select(error => $"{variant}, guarded at the {edge}: {error}"));
            }
        }

        Assert.Empty(errors);
    }
}
