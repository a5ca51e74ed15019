using System.CommandLine;
using System.Globalization;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;
using CnnCodegen.Tool.Models;
using CnnCodegen.Weights;
using Spectre.Console;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen compress MODEL --method NAME</c>: writes the annotated class and the compact weight file of a smaller network.</summary>
internal static class CompressCommand
{
    /// <summary>Times that differ by less are taken as equal.</summary>
    private const double LeastLoss = 1.05;

    private static readonly string[] Numbers = [.. MethodCatalog.All.SelectMany(m => m.Numbers).Distinct()];

    public static Command Create()
    {
        Command command = new("compress", "Prunes, merges or factorises the weights of a model, writes it as an annotated class with a compact weight file, and reports what that costs.");
        ModelOptions model = new(command, tuned: false);
        Option<string> method = new Option<string>("--method", "-m") { Description = "How: " + string.Join("; ", MethodCatalog.All.Select(m => $"{string.Join(' ', [m.Name, .. m.Options, .. m.Optional.Select(o => $"[{o}]")])} {m.Description}")) + ".", Required = true }
            .AcceptOnlyFromAmong([.. MethodCatalog.All.Select(m => m.Name)]);
        Option<double?>[] numbers = [.. Numbers.Select(name => new Option<double?>(name) { Description = $"A number for {string.Join(", ", MethodCatalog.All.Where(m => m.Numbers.Contains(name)).Select(m => m.Name))}." })];
        LayerChoice exclude = new("Layers to leave as they are.", "convolution or linear layer");
        Option<string?> samples = new("--samples") { Description = "A folder of inputs (.npy or .pb files, or a folder of input_* files for each); otherwise noise." };
        Option<int> runs = new("--runs") { Description = "Runs to time before and after; 0 for none.", DefaultValueFactory = _ => 10 };
        foreach (Option option in (Option[])[method, .. numbers, exclude.Option, samples, runs]) command.Add(option);
        NetworkOutput output = new(command, "that of the model");
        return command.Does((result, terminal) =>
        {
            CompressionMethod chosen = MethodCatalog.Find(result.GetRequiredValue(method));
            Dictionary<string, double> given = numbers.Where(n => result.GetValue(n) is not null).ToDictionary(n => n.Name, n => result.GetValue(n)!.Value);
            CheckNumbers(chosen, given);
            if (result.GetValue(runs) < 0) throw new CommandException($"--runs {result.GetValue(runs)}: at least 0 is needed");

            ModelRequest request = model.Read(result, terminal);
            ImportedNetwork network = terminal.Wait($"Reading {request.Path}", () => ModelReader.Read(request));
            NetworkOutput.Target target = output.Read(result, request, network.Model.Type.Name);
            IReadOnlyList<ReadOnlyMemory<float>[]> inputs = result.GetValue(samples) is { } sampleFolder ? SampleFolder.Read(sampleFolder, network.Model) : SampleFolder.Noise(network.Model);
            if (result.GetValue(samples) is null) terminal.Notice("Without --samples the errors are those on noise, which say little.");

            CompressionJob job = new(network, Layers(network.Model, exclude, result, terminal), inputs, request.Isa, given);
            if (chosen.NeedsLayers && job.Layers.Count == 0) throw new CommandException($"{network.Model.Type.Name} has no layer left to compress");
            ImportedNetwork compressed = SparsityNotes.Add(terminal.Wait("Compressing", () => Compress(chosen, job)));
            compressed = target.Rename(
                compressed, $"{network.Model.Type.Name}, compressed: {string.Join(' ', [chosen.Name, .. given.Select(g => $"{g.Key} {g.Value.ToString(CultureInfo.InvariantCulture)}")])}.");
            IReadOnlyDictionary<string, StoredTensor[]> stored = CompactWeights.Of(compressed);
            CompressionReport report = terminal.Wait("Measuring", () => CompressionReport.Of(network, compressed, stored, inputs, request.Isa, result.GetValue(runs)));
            target.Write(compressed, stored);
            Print(report, terminal, timed: result.GetValue(runs) > 0);
            string[] slower = [.. report.Layers.Where(l => l.After.Microseconds > LeastLoss * l.Before.Microseconds).Select(l => l.Name)];
            if (slower.Length > 0) terminal.Notice($"Slower than before: {string.Join(", ", slower)}; --exclude leaves layers as they are.");
            terminal.Output.WriteLine(target.Notice);
            return 0;
        });
    }

    private static void CheckNumbers(CompressionMethod method, Dictionary<string, double> given)
    {
        foreach (string option in method.Options.Except(given.Keys)) throw new CommandException($"--method {method.Name} needs {option}");
        foreach (string option in given.Keys.Except(method.Numbers))
            throw new CommandException($"{option} is nothing for --method {method.Name}{(method.Numbers.Any() ? ", which takes " + string.Join(" and ", method.Numbers) : "")}");
    }

    private static ImportedNetwork Compress(CompressionMethod method, CompressionJob job)
    {
        try
        {
            return method.Apply(job);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName is { } name && method.Numbers.Contains("--" + name))
        {
            throw new CommandException($"--{name} {e.ActualValue}: it {e.Message.Split(Environment.NewLine)[0].Split(" (")[0]}");
        }
    }

    private static int[] Layers(NetworkModel model, LayerChoice exclude, ParseResult result, Terminal terminal)
    {
        int[] all = [.. Enumerable.Range(0, model.Nodes.Count).Where(i => model.Nodes[i].Layer is WeightedLayer)], plain = [.. RefinedGroup.PlainLayers(model.Nodes)];
        string[] refined = [.. all.Except(plain).Select(i => model.Nodes[i].Name)];
        if (refined.Length > 0) terminal.Notice($"Layers of other refinements than Sparse stay as they are: {string.Join(", ", refined)}.");
        return [.. exclude.Without(result, model, all).Intersect(plain)];
    }

    private static void Print(CompressionReport report, Terminal terminal, bool timed)
    {
        Table table = terminal.Table(["layer", "density", "bits", "bytes", "to", "error", "MACs", "to", .. timed ? (string[])["us", "to"] : []]);
        foreach (ReportLine line in report.Layers.Append(report.Total))
        {
            string[] times = timed ? [Number(line.Before.Microseconds), Number(line.After.Microseconds)] : [];
            table.AddRow([.. ((string[])[
                line.Name, Percent(line.Density), Number(line.Bits), Quantity.Bytes(line.Before.Bytes), Quantity.Bytes(line.After.Bytes),
                line.Error is { } error ? Percent(error) : "-", Quantity.Macs(line.Before.Macs), Quantity.Macs(line.After.Macs), .. times]).Select(text => new Text(text))]);
        }
        for (int column = 1; column < table.Columns.Count; column++) table.Columns[column].RightAligned();
        terminal.Write(table);
    }

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
