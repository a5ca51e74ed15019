using System.CommandLine;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Models;
using Spectre.Console;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen inspect MODEL</c>: the plan, or the code of a layer.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Command command = new("inspect", "Shows the plan of a model, or of the networks in an assembly.");
        Argument<string> file = new("MODEL|DLL") { Description = "An ONNX file, a C# file with one annotated class, or an assembly with compiled networks." };
        ModelOptions model = new(command, runs: false, file);
        Option<string?> code = new("--code") { Description = "Print the generated code of this layer instead." };
        command.Add(code);
        return command.Does((result, terminal) =>
        {
            string path = result.GetRequiredValue(file);
            if (Path.GetExtension(path).Equals(".dll", StringComparison.OrdinalIgnoreCase))
            {
                if (result.GetValue(code) is not null) throw new CommandException("--code needs the model's source; an assembly does not hold the generated code");
                if (model.HasDims(result)) throw new CommandException("--dim belongs to an ONNX file; the networks of an assembly have their sizes");
                using NetworkLibrary library = new(path);
                foreach (NetworkInfo plan in library.Plans(model.PinnedIsa(result))) Print(plan, terminal);
                return 0;
            }

            ModelRequest request = model.Read(result, terminal);
            using LoadedModel loaded = terminal.Wait($"Compiling {request.Path}", () => ModelLoader.Open(request));
            foreach (string warning in loaded.Code.Warnings) terminal.Notice(warning);
            if (result.GetValue(code) is { } layer) PrintCode(loaded, layer, terminal.Output);
            else Print(loaded.Info, terminal);
            return 0;
        });
    }

    private static void Print(NetworkInfo plan, Terminal terminal)
    {
        terminal.Output.WriteLine($"{plan.Name}, {InstructionSets.Name(plan.Isa)}");
        terminal.Output.WriteLine($"reads {string.Join(", ", plan.Inputs.Select(t => $"{t.Name} {t.ShapeText}"))}; writes {string.Join(", ", plan.Outputs.Select(t => $"{t.Name} {t.ShapeText}"))}");
        Table table = terminal.Table("layer", "computes", "shape", "algorithm", "MACs", "weights", "kernel", "result in", "why");
        foreach (int numeric in (int[])[4, 5]) table.Columns[numeric].RightAligned();
        foreach (LayerInfo layer in plan.Layers)
            table.AddRow(Cells(
                layer.Name, layer.Description, string.Join('x', layer.Shape), layer.Algorithm, Quantity.Macs(layer.Macs),
                layer.WeightBytes == 0 ? "" : Quantity.Bytes(layer.WeightBytes), layer.Kernel, layer.Output, layer.Reason));
        terminal.Write(table);
        terminal.Output.WriteLine(
            $"{Quantity.Count(plan.Layers.Count, "step")}, {(plan.Macs == 0 ? "no " : Quantity.Macs(plan.Macs))}MACs, {Quantity.Bytes(plan.WeightBytes)} of packed weights, {Quantity.Bytes(plan.WorkspaceBytes)} of workspace");
    }

    private static IEnumerable<Text> Cells(params string[] cells) => cells.Select(c => new Text(c));

    private static void PrintCode(LoadedModel loaded, string layer, TextWriter output)
    {
        string[] kernels = [.. loaded.Info.Layers.Where(l => l.Name == layer || l.Name.Split(" + ").Contains(layer)).Select(l => l.Kernel).Distinct()];
        if (kernels.Length == 0)
            throw new CommandException($"{loaded.Info.Name} has no step '{layer}'; its steps are: {string.Join(", ", loaded.Info.Layers.Select(l => l.Name).Distinct())}");
        ILookup<bool, GeneratedFile> files = loaded.Code.Files.ToLookup(f => kernels.Any(k => f.HintName.EndsWith($".{k}.g.cs", StringComparison.Ordinal)));
        // A kernel of two layers calls the kernels of both.
        foreach (GeneratedFile file in files[true].Concat(files[false].Where(f => files[true].Any(caller => caller.Text.Contains(f.HintName.Split('.')[^3] + ".Run(", StringComparison.Ordinal)))))
            output.Write(file.Text);
    }
}
