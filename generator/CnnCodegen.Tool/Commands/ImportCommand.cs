using System.CommandLine;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen import MODEL.onnx</c>: writes the annotated class and its weight file.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "The ONNX file." };
        Option<string?> name = new("--name", "-n") { Description = "The class's name; otherwise it is made from the file's name." };
        Option<string> space = new("--namespace") { Description = "The class's namespace.", DefaultValueFactory = _ => "" };
        Option<string> output = new("--output", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => "." };
        Option<bool> keepSigns = new("--keep-signs") { Description = "Leaves the Sign activations of a binarised network as they are, in float32." };
        Option<Dictionary<string, int>> dims = ModelOptions.Dims();
        return new Command("import", "Turns an ONNX model into an annotated class and a weight file.") { model, name, space, output, keepSigns, dims }
            .Does((result, terminal) =>
            {
                string path = result.GetRequiredValue(model);
                ImportOptions options = Options(result.GetValue(name) ?? ClassName.OfModel(path), result.GetRequiredValue(space));
                ImportedNetwork network = terminal.Wait($"Importing {path}", () => OnnxImporter.Import(OnnxModel.Read(path), options with { Dims = result.GetRequiredValue(dims), KeepSigns = result.GetValue(keepSigns) }));
                Write(network, result.GetRequiredValue(output), terminal.Output);
                return 0;
            });
    }

    private static ImportOptions Options(string name, string space)
    {
        if (!ClassName.IsValid(name)) throw new CommandException($"--name {name}: this is no name for a class; letters, digits and underscores are");
        if (space.Length > 0 && !space.Split('.').All(ClassName.IsValid)) throw new CommandException($"--namespace {space}: this is no namespace; give names joined by dots");
        return new ImportOptions(name, space, name + ".safetensors");
    }

    private static void Write(ImportedNetwork network, string folder, TextWriter output)
    {
        string source = network.Model.Type.Name + ".cs", weights = network.Model.Type.Weights!;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, source), network.ClassSource());
        WeightFile.Write(Path.Combine(folder, weights), network.Weights);
        long count = network.Weights.Values.Sum(w => (long)w.Data.Length);
        foreach (string note in network.Notes) output.WriteLine(note);
        output.WriteLine($"{source} and {weights} written: {network.Model.Nodes.Count} layers, {count} weights.");
    }
}
