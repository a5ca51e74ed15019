using System.CommandLine;
using System.CommandLine.Parsing;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen import MODEL.onnx</c>: writes the annotated class and its weight file.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        Argument<FileInfo> model = new("MODEL") { Description = "The ONNX file." };
        Option<string?> name = new("--name") { Description = "The class's name; otherwise it is made from the file's name." };
        Option<string> space = new("--namespace") { Description = "The class's namespace.", DefaultValueFactory = _ => "" };
        Option<DirectoryInfo> output = new("--output", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => new DirectoryInfo(".") };
        Option<Dictionary<string, int>> dims = new("--dim")
        {
            Description = "The size of a named dimension, NAME=SIZE.",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = ParseDims,
            DefaultValueFactory = _ => [],
        };
        Command command = new("import", "Turns an ONNX model into an annotated class and a weight file.") { model, name, space, output, dims };
        command.SetAction(result => Import(
            result.GetRequiredValue(model).FullName,
            result.GetValue(name),
            result.GetRequiredValue(space),
            result.GetRequiredValue(output).FullName,
            result.GetRequiredValue(dims),
            result.InvocationConfiguration));
        return command;
    }

    private static int Import(string path, string? name, string space, string folder, Dictionary<string, int> dims, InvocationConfiguration console)
    {
        name ??= ClassName.From(Path.GetFileNameWithoutExtension(path));
        string weights = name + ".safetensors";
        try
        {
            if (!ClassName.IsValid(name)) throw new ImportException($"'{name}' is not a class name; give one with --name");
            ImportedNetwork network = OnnxImporter.Import(OnnxModel.Read(path), new ImportOptions(name, space, weights) { Dims = dims });
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name + ".cs"), network.ClassSource());
            WeightFile.Write(Path.Combine(folder, weights), network.Weights);
            console.Output.WriteLine($"{name}.cs and {weights} written: {network.Model.Nodes.Count} layers, {network.Weights.Values.Sum(w => (long)w.Data.Length)} weights.");
            return 0;
        }
        catch (Exception e) when (e is ImportException or IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static Dictionary<string, int> ParseDims(ArgumentResult result)
    {
        Dictionary<string, int> dims = new(StringComparer.Ordinal);
        foreach (Token token in result.Tokens)
        {
            int equals = token.Value.LastIndexOf('=');
            if (equals < 1 || !int.TryParse(token.Value[(equals + 1)..], out int size) || size < 1) result.AddError($"--dim {token.Value}: NAME=SIZE is needed, with a size of at least 1");
            else if (!dims.TryAdd(token.Value[..equals], size)) result.AddError($"--dim {token.Value}: the dimension is given twice");
        }

        return dims;
    }
}
