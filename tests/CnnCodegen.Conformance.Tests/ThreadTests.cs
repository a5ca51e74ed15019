using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Threads, inside a call and around it, change no bit of any result.</summary>
public class ThreadTests
{
    public static TheoryData<string, string> Cases => CaseGroups.Names();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_do_not_depend_on_the_number_of_threads(string group, string name)
    {
        CaseGroup cases = CaseGroups.All[group];
        CaseData data = new(cases[name]);
        foreach (Variant variant in cases.VariantsOf(name))
        {
            NetworkProgram program = cases.Batch.Program(variant);
            using NetworkHost single = ProgramRun.Open(program, data);
            float[][] expected = ProgramRun.Run(single, data.Inputs);
            foreach (int threads in new[] { 2, 3 })
            {
                using NetworkHost team = ProgramRun.Open(program, data, threads);
                AssertSameBits(expected, ProgramRun.Run(team, data.Inputs), $"{variant} with {threads} threads");
                AssertSameBits(expected, ProgramRun.Run(team, data.Inputs), $"{variant} with {threads} threads, second run");
            }
        }
    }

    [Theory]
    [InlineData("Graph", "Classifier")]
    [InlineData("Graph", "ResidualOnBorders")]
    [InlineData("Graph", "InPlaceChain")]
    public async Task Many_callers_of_one_network_get_their_own_results(string group, string name)
    {
        const int Callers = 8, Runs = 20;
        CaseGroup cases = CaseGroups.All[group];
        CaseData data = new(cases[name]);
        float[][][] inputs = [.. Enumerable.Range(0, Callers).Select(caller => data.Inputs.Select(x => x.Select(v => v + caller).ToArray()).ToArray())];
        foreach (Variant variant in cases.VariantsOf(name))
        {
            NetworkProgram program = cases.Batch.Program(variant);
            using NetworkHost single = ProgramRun.Open(program, data), shared = ProgramRun.Open(program, data, threads: 2);
            float[][][] expected = [.. inputs.Select(x => ProgramRun.Run(single, x))];
            using Barrier start = new(Callers);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    for (int run = 0; run < Runs; run++) AssertSameBits(expected[caller], ProgramRun.Run(shared, inputs[caller]), $"{variant}, caller {caller}");
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
    }

    private static void AssertSameBits(float[][] expected, float[][] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            for (int k = 0; k < expected[i].Length; k++)
                if (BitConverter.SingleToInt32Bits(expected[i][k]) != BitConverter.SingleToInt32Bits(actual[i][k]))
                    Assert.Fail(FormattableString.Invariant($"{what}: element {k} of output {i} is {actual[i][k]:R}, alone {expected[i][k]:R}"));
    }
}
