using System.CommandLine;
using System.Globalization;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Quantization;
using CnnCodegen.Weights;
using Spectre.Console;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen quantize MODEL --calibration DIR</c>: writes the annotated class and the weight file of an 8-bit network, or an ONNX model in the QDQ form.</summary>
internal static class QuantizeCommand
{
    private const double UsualShare = 0.9999;

    public static Command Create()
    {
        Command command = new("quantize", "Quantizes a model to 8 bits, from what its values are on samples, and reports what that costs.");
        ModelOptions model = new(command, tuned: false);
        Option<string> calibration = new("--calibration", "-c") { Description = "A folder of inputs (.npy or .pb files, or a folder of input_* files for each).", Required = true };
        Option<string> method = new Option<string>("--method", "-m") { Description = "How the range of a value is chosen.", DefaultValueFactory = _ => Names[0] }.AcceptOnlyFromAmong(Names);
        Option<double> share = new("--share") { Description = "The share of a value's elements inside its range, for percentile.", DefaultValueFactory = _ => UsualShare };
        LayerChoice exclude = new("Layers to leave in floats.", "convolution or linear layer in floats");
        Option<string?> onnx = new("--onnx") { Description = "Writes an ONNX model in the QDQ form to this file in place of a class; sums, averages and joined values are quantized with the rest." };
        foreach (Option option in (Option[])[calibration, method, share, exclude.Option, onnx]) command.Add(option);
        NetworkOutput output = new(command, "that of the model with Int8 behind it");
        return command.Does((result, terminal) =>
        {
            CalibrationMethod chosen = Enum.Parse<CalibrationMethod>(result.GetRequiredValue(method), ignoreCase: true);
            if (result.GetValue(share) is not (> 0 and <= 1)) throw new CommandException(FormattableString.Invariant($"--share {result.GetValue(share)}: it must be above 0 and at most 1"));
            ModelRequest request = model.Read(result, terminal);
            ImportedNetwork network = terminal.Wait($"Reading {request.Path}", () => ModelReader.Read(request));
            NetworkOutput.Target target = output.Read(result, request, network.Model.Type.Name + "Int8");
            IReadOnlyList<ReadOnlyMemory<float>[]> samples = SampleFolder.Read(result.GetRequiredValue(calibration), network.Model);

            int[] layers = Layers(network.Model, exclude, result);
            string? file = result.GetValue(onnx);
            if (file is not null) Check(file, request, network.Model);
            int[] values = file is null ? NetworkQuantizer.Values(network.Model, layers) : NetworkQuantizer.AllValues(network.Model, layers);
            IReadOnlyDictionary<int, Activation> grids = terminal.Wait("Calibrating", () => Calibration.Grids(network, values, samples, chosen, result.GetValue(share), request.Isa));
            ImportedNetwork quantized = target.Rename(NetworkQuantizer.Quantize(network, layers, grids, integerBiases: file is not null), $"{network.Model.Type.Name}, quantized to 8 bits.");
            IReadOnlyDictionary<string, StoredTensor[]> stored = CompactWeights.Of(quantized);
            CompressionReport report = terminal.Wait("Measuring", () => CompressionReport.Of(network, quantized, stored, samples, request.Isa, runs: 0));
            if (file is null) target.Write(quantized, stored);
            else QdqModel.Write(file, quantized);
            Print(report, quantized.Model, terminal);
            terminal.Output.WriteLine(file is null ? target.Notice : $"{file} written.");
            return 0;
        });
    }

    private static string[] Names { get; } = [.. Enum.GetNames<CalibrationMethod>().Select(n => n.ToLowerInvariant())];

    private static int[] Layers(NetworkModel model, LayerChoice exclude, ParseResult result)
    {
        int[] layers = exclude.Without(result, model, NetworkQuantizer.FloatLayers(model));
        return layers.Length > 0 ? layers : throw new CommandException($"{model.Type.Name} has no layer left to quantize");
    }

    /// <summary>Refuses an ONNX file that would replace the model, or that the network cannot be written to.</summary>
    private static void Check(string file, ModelRequest request, NetworkModel model)
    {
        if (Path.GetFullPath(file) == Path.GetFullPath(request.Path)) throw new CommandException($"--onnx {file}: this would overwrite the model; give another name");
        QdqModel.RequireForms(model);
    }

    private static void Print(CompressionReport report, NetworkModel model, Terminal terminal)
    {
        IReadOnlyList<Activation?> grids = Grids.Of(model.Nodes);
        Dictionary<string, Activation?> inputs = model.Nodes.Where(n => n.Layer is WeightedLayer).ToDictionary(n => n.Name, n => grids[n.Inputs[0]]);
        Table table = terminal.Table(["layer", "input scale", "zero", "bytes", "to", "error"]);
        foreach (ReportLine line in report.Layers.Append(report.Total))
        {
            Activation? grid = inputs.GetValueOrDefault(line.Name);
            table.AddRow([.. new[]
            {
                line.Name, grid is null ? "-" : grid.Alpha.ToString("G4", CultureInfo.InvariantCulture), grid is null ? "-" : grid.Beta.ToString(CultureInfo.InvariantCulture),
                Quantity.Bytes(line.Before.Bytes), Quantity.Bytes(line.After.Bytes),
                line.Error is { } error ? (100 * error).ToString("F2", CultureInfo.InvariantCulture) + " %" : "-",
            }.Select(text => new Text(text))]);
        }

        for (int column = 1; column < table.Columns.Count; column++) table.Columns[column].RightAligned();
        terminal.Write(table);
    }
}
