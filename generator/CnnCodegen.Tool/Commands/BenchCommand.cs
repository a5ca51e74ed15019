using System.CommandLine;
using System.Globalization;
using CnnCodegen.Tool.Benchmarking;
using CnnCodegen.Tool.Models;
using Spectre.Console;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen bench MODEL</c>: how long a run takes.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        Command command = new("bench", "Measures a model on random input.");
        ModelOptions model = new(command);
        Option<int> threads = ModelOptions.Threads();
        Option<int?> iterations = new("--iterations") { Description = "Runs to measure; otherwise as many as fit into two seconds." };
        Option<bool> profile = new("--profile") { Description = "Also print the time of each layer." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        foreach (Option option in (Option[])[threads, iterations, profile, json]) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(profile)) result.AddError("--profile prints a table, which --json leaves no room for; give one of them.");
        });
        return command.Does((result, terminal) =>
        {
            if (result.GetValue(iterations) is < 1) throw new CommandException($"--iterations {result.GetValue(iterations)}: at least 1 is needed");
            int threadCount = ModelOptions.AtLeastOne(result, threads, most: 1024);
            ModelRequest request = model.Read(result, terminal);
            using LoadedModel loaded = terminal.Wait($"Compiling {request.Path}", () => ModelLoader.Open(request));
            foreach (string warning in loaded.Code.Warnings) terminal.Notice(warning);
            using Benchmark benchmark = terminal.Wait("Packing the weights", () => new Benchmark(loaded, threadCount));
            BenchmarkResult times = terminal.Wait("Measuring", () => benchmark.Measure(result.GetValue(iterations)));
            if (result.GetValue(json)) terminal.Output.WriteLine(times.ToJson());
            else Print(times, loaded, terminal);
            if (result.GetValue(profile)) terminal.Output.Write(terminal.Wait("Measuring the layers", () => benchmark.Profile(times.Iterations)).ToString());
            return 0;
        });
    }

    private static void Print(BenchmarkResult times, LoadedModel loaded, Terminal terminal)
    {
        Table table = terminal.Table(times.Model, $"{times.Isa}, {Quantity.Count(times.Threads, "thread")}, {Quantity.Count(times.Iterations, "run")}");
        double gigaflops = 2e-6 * loaded.Info.Macs / times.MedianMs;
        Row("median", Quantity.Milliseconds(times.MedianMs) + string.Create(CultureInfo.InvariantCulture, $" ({gigaflops:F1} GFLOP/s)"));
        Row("fastest", Quantity.Milliseconds(times.MinMs));
        Row("95 % within", Quantity.Milliseconds(times.P95Ms));
        Row("generate", Quantity.Milliseconds(loaded.Code.GenerationTime.TotalMilliseconds));
        Row("compile", Quantity.Milliseconds(loaded.Code.CompilationTime.TotalMilliseconds));
        Row("load weights", Quantity.Milliseconds(times.LoadMs));
        Row("workspace", Quantity.Bytes(times.WorkspaceBytes));
        Row("packed weights", Quantity.Bytes(times.WeightsBytes));
        terminal.Write(table);

        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
    }
}
