using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>Measured times of two networks on one thread, taken in turns.</summary>
internal static class StepTimes
{
    private const int Turns = 4;

    /// <summary>The fastest median of each step in microseconds, by its name; the whole run under the empty name. Empty for no runs.</summary>
    public static (IReadOnlyDictionary<string, double> Before, IReadOnlyDictionary<string, double> After) Of(
        ImportedNetwork before, ImportedNetwork after, ReadOnlyMemory<float>[] input, TargetIsa isa, int runs)
    {
        Dictionary<string, double> timesBefore = new(StringComparer.Ordinal), timesAfter = new(StringComparer.Ordinal);
        if (runs == 0) return (timesBefore, timesAfter);
        using CompiledNetwork codeBefore = Compile(before, isa), codeAfter = Compile(after, isa);
        using INetwork a = Load(codeBefore, before, isa), b = Load(codeAfter, after, isa);
        for (int turn = 0; turn < Turns; turn++)
        {
            Measure(a, input, runs, timesBefore);
            Measure(b, input, runs, timesAfter);
        }
        return (timesBefore, timesAfter);
    }

    private static void Measure(INetwork network, ReadOnlyMemory<float>[] input, int runs, Dictionary<string, double> times)
    {
        NetworkProfile profile = network.Profile(input, [.. network.Info.Outputs.Select(o => (Memory<float>)new float[o.Length])], runs);
        Keep("", profile.Microseconds);
        foreach (IGrouping<string, LayerTime> step in profile.Layers.GroupBy(l => l.Layer.Name)) Keep(step.Key, step.Sum(l => l.Microseconds));

        void Keep(string name, double time) => times[name] = times.TryGetValue(name, out double best) ? Math.Min(best, time) : time;
    }

    private static CompiledNetwork Compile(ImportedNetwork network, TargetIsa isa) => NetworkCompiler.Compile(network.Model, Enum.Parse<Isa>(isa.ToString()));

    private static INetwork Load(CompiledNetwork code, ImportedNetwork network, TargetIsa isa)
    {
        using MemoryStream weights = WeightFile.InMemory(network.Weights);
        return code.Load(weights, new NetworkOptions { Isa = isa, AllowEmulation = true });
    }
}
