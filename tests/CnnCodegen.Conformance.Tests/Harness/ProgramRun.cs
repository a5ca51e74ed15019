using CnnCodegen.Execution;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>Loads a program with the weights of its case and runs it.</summary>
internal static class ProgramRun
{
    /// <summary>Runs the variants of a case with all their memory beside inaccessible pages, and says which of their results the oracle does not allow.</summary>
    public static List<string> Errors(Case source, IEnumerable<Variant> variants, Batch batch)
    {
        CaseData data = new(source);
        Bounded[] bounds(IReadOnlyDictionary<string, double> amplifications) => new ErrorModel(source.Model, data.Weight, amplifications).Run(data.Tensors(data.Inputs));
        Lazy<Bounded[]> usual = new(() => bounds(new Dictionary<string, double>()));
        return [.. variants.AsParallel().AsOrdered().SelectMany(v => Errors(v, v.Amplifications.Count == 0 ? usual.Value : bounds(v.Amplifications), data, batch.Program(v)))];
    }

    private static IEnumerable<string> Errors(Variant variant, Bounded[] expected, CaseData data, NetworkProgram program) =>
        from edge in Enum.GetValues<GuardedEdge>()
        let outputs = RunGuarded(program, data, edge)
        from error in expected.Select((e, i) => e.Check(outputs[i])).OfType<string>()
        select $"{variant}, guarded at the {edge}: {error}";

    /// <summary>Loads a program for any instruction set, emulated where the CPU lacks it.</summary>
    public static NetworkHost Open(NetworkProgram program, CaseData data, int threads = 1) => NetworkHost.Open(
        [program], data.WeightFile(), new NetworkOptions { Isa = program.Info.Isa, AllowEmulation = true, Threads = threads });

    /// <summary>Runs a network once and returns its outputs.</summary>
    public static float[][] Run(INetwork network, float[][] inputs)
    {
        float[][] outputs = [.. network.Info.Outputs.Select(o => new float[o.Length])];
        foreach (float[] output in outputs) output.AsSpan().Fill(float.NaN);
        network.Run([.. inputs.Select(x => (ReadOnlyMemory<float>)x)], [.. outputs.Select(y => y.AsMemory())]);
        return outputs;
    }

    /// <summary>Runs a program once with all its memory flush against inaccessible pages.</summary>
    private static float[][] RunGuarded(NetworkProgram program, CaseData data, GuardedEdge edge)
    {
        NativeAllocator.Replacement.Value = new GuardedAllocator(edge);
        GuardedMemory<float>[] inputs = [.. data.Inputs.Select(x => Guard(x.Length, edge))];
        GuardedMemory<float>[] outputs = [.. program.Info.Outputs.Select(o => Guard(o.Length, edge))];
        try
        {
            for (int i = 0; i < inputs.Length; i++) data.Inputs[i].CopyTo(inputs[i].GetSpan());
            using NetworkHost network = Open(program, data);
            network.Run([.. inputs.Select(x => (ReadOnlyMemory<float>)x.Memory)], [.. outputs.Select(y => y.Memory)]);
            for (int i = 0; i < inputs.Length; i++) Assert.True(inputs[i].GetSpan().SequenceEqual(data.Inputs[i]), $"{program}: input {i} was written to");
            return [.. outputs.Select(y => y.GetSpan().ToArray())];
        }
        finally
        {
            NativeAllocator.Replacement.Value = null;
            foreach (IDisposable memory in inputs.Concat(outputs)) memory.Dispose();
        }
    }

    private static GuardedMemory<float> Guard(int count, GuardedEdge edge)
    {
        GuardedMemory<float> memory = new(count, edge);
        memory.GetSpan().Fill(float.NaN);
        return memory;
    }
}
