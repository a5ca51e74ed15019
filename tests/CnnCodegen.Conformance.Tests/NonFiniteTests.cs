using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;
using CnnCodegen.Generator.Algorithms.Shapewise;
using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Algorithms.Unrolled;

namespace CnnCodegen.Conformance.Tests;

/// <summary>
/// NaN and infinities in the inputs reach exactly the outputs that they reach in the oracle, and nothing else changes. Convolutions by way
/// of another domain, which spread them over whole tiles, are left out, sparse ones, which multiply nothing by a weight of zero, and
/// networks with values in bits or codes, which know no NaN.
/// </summary>
public class NonFiniteTests
{
    public static TheoryData<string, string> Cases => CaseGroups.Names();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Non_finite_inputs_spread_as_the_definition_says(string group, string name)
    {
        CaseGroup cases = CaseGroups.All[group];
        CaseData data = new(cases[name]);
        float[][] inputs = data.NonFiniteInputs();
        Bounded[] expected = new ErrorModel(cases[name].Model, data.Weight).Run(data.Tensors(inputs));
        List<string> errors = [];
        foreach (Variant variant in cases.VariantsOf(name).Where(v => v.Amplifications.Count == 0 && !v.UsesBitsOrCodes && !v.Algorithms.Any(a => a is SparseAlgorithm.Id or ShapewiseAlgorithm.Id or UnrolledAlgorithm.Id)))
        {
            using NetworkHost network = ProgramRun.Open(cases.Batch.Program(variant), data);
            float[][] outputs = ProgramRun.Run(network, inputs);
            errors.AddRange(expected.Select((e, i) => e.Check(outputs[i])).OfType<string>().Select(error => $"{variant}: {error}"));
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }
}
