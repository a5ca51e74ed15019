using CnnCodegen.Conformance.Tests.Harness;

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
        List<string> errors = ProgramRun.Errors(cases[name], cases.VariantsOf(name), cases.Batch);
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }
}
