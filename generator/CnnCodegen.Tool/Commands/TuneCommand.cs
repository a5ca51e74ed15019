using System.CommandLine;
using System.Globalization;
using CnnCodegen.Generator.Reading;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Tuning;
using Spectre.Console;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen tune MODEL</c>: measures the algorithms of each convolution and writes down the fastest.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        Command command = new("tune", "Measures the algorithms of each convolution on this machine, and writes which are the fastest.");
        ModelOptions model = new(command, tuned: false);
        Option<FileInfo?> output = new("--output", "-o") { Description = $"The file to write; by default MODEL{TuningReader.Suffix} in the current folder. What it says of other instruction sets is kept." };
        Option<int> threads = ModelOptions.Threads();
        command.Add(output);
        command.Add(threads);
        return command.Does((result, terminal) =>
        {
            ModelRequest request = model.Read(result, terminal);
            FileInfo target = result.GetValue(output) ?? new FileInfo(Path.GetFileNameWithoutExtension(request.Path) + TuningReader.Suffix);
            if (!target.Name.EndsWith(TuningReader.Suffix, StringComparison.OrdinalIgnoreCase))
                throw new CommandException($"{target}: a tuning file is called NAME{TuningReader.Suffix}");
            if (target.Directory is { Exists: false } folder) throw new CommandException($"{folder}: there is no such folder");
            int threadCount = ModelOptions.AtLeastOne(result, threads, most: 1024);

            // What cannot be written is refused before the measurements, which take their time.
            using LoadedModel estimated = ModelLoader.Open(request);
            string network = estimated.Code.Network.Name;
            TuningFile? earlier = target.Exists ? TuningFile.Read(target) : null;
            earlier?.ContentFor(network);
            IReadOnlyList<TunedLayerTimes> layers = LayerTuner.Measure(request, estimated, threadCount, terminal.Notice);
            if (layers.Count == 0) throw new CommandException($"{network} has no layer that several algorithms can compute");
            TuningFile tuning = TuningFile.Of(network, request.Isa, layers.Select(l => KeyValuePair.Create(l.Layer, l.Best)), earlier);
            Print(layers, terminal);
            if (layers.Any(l => l.Best != l.Estimated))
            {
                using LoadedModel tuned = ModelLoader.Open(request with { Tuning = tuning });
                (double asEstimated, double asTuned) = terminal.Wait("Measuring the whole network", () => LayerTuner.Compare(estimated, tuned, threadCount));
                bool keeps = asTuned > asEstimated;
                terminal.Output.WriteLine($"The network takes {Milliseconds(asEstimated)} as estimated and {Milliseconds(asTuned)} with the layers measured best{(keeps ? ": what was estimated is kept" : "")}.");
                if (keeps) tuning = TuningFile.Of(network, request.Isa, layers.Select(l => KeyValuePair.Create(l.Layer, l.Estimated)), earlier);
            }

            File.WriteAllText(target.FullName, tuning.GetText().ToString());
            terminal.Output.WriteLine($"{target.Name}: {Quantity.Count(layers.Count, "layer")} of {network} for {InstructionSets.Name(request.Isa)}; add it to the project with <AdditionalFiles Include=\"{target.Name}\" />");
            return 0;
        });
    }

    private static void Print(IReadOnlyList<TunedLayerTimes> layers, Terminal terminal)
    {
        string[] algorithms = [.. layers.SelectMany(l => l.Microseconds.Keys).Distinct()];
        Table table = terminal.Table(["layer", .. algorithms.Select(a => a + " us"), "estimated", "measured"]);
        foreach (TunedLayerTimes layer in layers)
            table.AddRow([new Text(layer.Layer), .. algorithms.Select(a => new Text(layer.Microseconds.TryGetValue(a, out double us) ? Number(us) : "")), new Text(layer.Estimated), new Text(layer.Best)]);
        for (int column = 1; column <= algorithms.Length; column++) table.Columns[column].RightAligned();
        terminal.Write(table);
        double estimated = layers.Sum(l => l.Microseconds[l.Estimated]), best = layers.Sum(l => l.Microseconds[l.Best]);
        terminal.Output.WriteLine($"These layers take {Number(estimated)} us as estimated and {Number(best)} us as measured best: the estimates cost {Number(100 * ((estimated / best) - 1))} %.");
    }

    private static string Milliseconds(double value) => value.ToString("F3", CultureInfo.InvariantCulture) + " ms";

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
