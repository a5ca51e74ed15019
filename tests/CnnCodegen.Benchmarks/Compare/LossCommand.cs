using System.CommandLine;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Commands;
using static CnnCodegen.Benchmarks.Sheet;

namespace CnnCodegen.Benchmarks;

/// <summary><c>losses</c>: the steps of networks by the time that they take beyond what their multiply-adds would at the core's peak.</summary>
internal static class LossCommand
{
    public static Command Create(Option<Isa> isa)
    {
        Argument<string[]> paths = new("MODEL") { Description = "ONNX files.", Arity = ArgumentArity.OneOrMore };
        Option<int> steps = new("--steps") { Description = "Steps to show of each.", DefaultValueFactory = _ => 10 };
        Option<int> rounds = new("--rounds") { Description = "Profiles of each; the best time of a step counts.", DefaultValueFactory = _ => 10 };
        Command command = new("losses", "Shows which steps of networks lose most time against the multiply-add peak, on one thread.") { paths, isa, steps, rounds };
        command.SetAction(result =>
        {
            Terminal terminal = new(result.InvocationConfiguration);
            Affinity.Pin(Affinity.DefaultProcessors.Take(1));
            foreach (string path in result.GetRequiredValue(paths)) Measure(path, result.GetValue(isa), result.GetValue(rounds), result.GetValue(steps)).Print(terminal);
        });
        return command;
    }

    private static Sheet Measure(string path, Isa isa, int rounds, int count)
    {
        using OwnEngine engine = new(path, (TargetIsa)isa, threads: 1);
        PeakMeter peak = new(isa);
        double[] best = [.. engine.Profile(runs: 1).Layers.Select(step => step.Microseconds)];
        NetworkProfile profile;
        do
        {
            peak.Sample();
            profile = engine.Profile(runs: 3);
            best = [.. best.Zip(profile.Layers, (time, step) => Math.Min(time, step.Microseconds))];
        }
        while (--rounds > 0);

        double total = best.Sum();
        var steps = profile.Layers.Zip(best, (step, time) => (step.Layer, Time: time, Rate: time > 0 ? 2e-3 * step.Layer.Macs / time : 0)).ToArray();
        double Loss((LayerInfo Layer, double Time, double Rate) step) => Math.Max(0, step.Time * (1 - (step.Rate / peak.Best))) / total;
        return new Sheet(
            $"{Path.GetFileNameWithoutExtension(path)}: {Short(1e-3 * total)} ms in steps, {Percent(steps.Sum(Loss))} of them beyond the peak of {Number(peak.Best, 1)} GFLOP/s",
            4,
            ["step", "layer", "shape", "algorithm", "us", "of all", "GFLOP/s", "lost"],
            [
                .. steps.OrderByDescending(Loss).Take(count).Select(step => (string[])[
                    step.Layer.Name, step.Layer.Description, string.Join('x', step.Layer.Shape), step.Layer.Algorithm,
                    Short(step.Time), Percent(step.Time / total), Number(step.Rate, 1), Number(100 * Loss(step), 1) + " %"]),
            ]);
    }
}
