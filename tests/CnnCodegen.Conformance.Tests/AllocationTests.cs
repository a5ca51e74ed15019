using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;

namespace CnnCodegen.Conformance.Tests;

/// <summary>A run allocates nothing on the managed heap once a first one has made the workspace.</summary>
public class AllocationTests
{
    private const int Runs = 50;

    private delegate void RunSpans(ReadOnlySpan<float> input, Span<float> output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Steady_state_allocates_nothing(int threads)
    {
        Case source = CaseGroups.All["Graph"]["Classifier"];
        CaseData data = new(source);
        using CompiledNetwork compiled = NetworkCompiler.Compile(source.Model with { Type = new NetworkType("Allocation", "Classifier") }, Isa.Portable);
        using INetwork network = compiled.Load(data.WeightFile(), new NetworkOptions { Threads = threads });
        float[] input = data.Inputs[0], output = new float[network.Info.Outputs[0].Length];
        RunSpans spans = network.GetType().GetMethod("Run", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<RunSpans>(network);

        Assert.Equal(0, Allocated(() => spans(input, output)));
        Assert.Equal(0, Allocated(() => network.Run([input], [output])));
        Assert.Null(new ErrorModel(source.Model, data.Weight).Run(data.Tensors(data.Inputs))[0].Check(output));
    }

    /// <summary>Bytes that this thread allocates in many runs after one to warm up.</summary>
    private static long Allocated(Action run)
    {
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Runs; i++) run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
