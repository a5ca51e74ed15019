using System.Globalization;
using CnnCodegen.Tool.Commands;

namespace CnnCodegen.Tool.Verification;

/// <summary>
/// Finds test cases: folders with an ONNX file and <c>test_data_set_*</c> folders. Inputs that are not in the set lie beside the model's
/// folder, where several models share them. A folder <c>filled</c> with <c>output_0.pb</c> or <c>presoftmax.pb</c> is a case of its own.
/// </summary>
internal static class TestCaseFinder
{
    /// <summary>The cases at or below a path, in order of their names.</summary>
    /// <exception cref="CommandException">There are none.</exception>
    public static IReadOnlyList<TestCase> Find(string path)
    {
        if (File.Exists(path) && Path.GetExtension(path) == ".onnx") path = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(path)) throw new CommandException($"{path}: there is no such folder");
        string root = Path.GetFullPath(path);
        TestCase[] cases = [.. Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)
            .Prepend(root)
            .Order(StringComparer.Ordinal)
            .SelectMany(folder => CasesOf(folder, root))];
        if (cases.Length == 0)
            throw new CommandException($"{path}: there are no test cases; a case is a folder with model.onnx and folders test_data_set_* of input_*.pb and output_*.pb");
        return cases;
    }

    private static IEnumerable<TestCase> CasesOf(string folder, string root)
    {
        string[] models = Directory.GetFiles(folder, "*.onnx");
        string? model = models.Length == 1 ? models[0] : models.FirstOrDefault(m => Path.GetFileName(m) == "model.onnx");
        if (model is null) yield break;

        string name = folder == root ? Path.GetFileName(folder) : Path.GetRelativePath(root, folder).Replace('\\', '/');
        DataSet[] sets = [.. Directory.GetDirectories(folder, "test_data_set_*").OrderBy(Number).Select(set => Read(set, folder))];
        if (sets.Length > 0) yield return new TestCase(name, model, sets);

        string filled = Path.Combine(folder, "filled");
        if (Directory.Exists(filled)) yield return ReadFilled(name + "/filled", model, Read(filled, folder), Path.Combine(filled, "presoftmax.pb"));
    }

    private static TestCase ReadFilled(string name, string model, DataSet set, string presoftmax) => File.Exists(presoftmax)
        ? new TestCase(name, model, [set with { Outputs = [presoftmax] }], ModelVariant.FilledBeforeSoftmax)
        : new TestCase(name, model, [set], ModelVariant.Filled);

    private static DataSet Read(string set, string modelFolder)
    {
        string[] inputs = Tensors(set, "input_*.pb");
        if (inputs.Length == 0) inputs = Tensors(Path.GetDirectoryName(modelFolder)!, "input_*.pb");
        return new DataSet(Path.GetFileName(set), inputs, Tensors(set, "output_*.pb"));
    }

    private static string[] Tensors(string folder, string pattern) => [.. Directory.GetFiles(folder, pattern).OrderBy(Number)];

    /// <summary>The number at the end of a name, so that 10 comes behind 2.</summary>
    private static int Number(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return int.TryParse(name.AsSpan(name.LastIndexOf('_') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
    }
}
