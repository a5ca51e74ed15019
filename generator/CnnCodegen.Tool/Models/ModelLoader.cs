using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Models;

/// <summary>What the command line says about a model.</summary>
/// <param name="Path">An ONNX file, or a C# file with one annotated class.</param>
/// <param name="Isa">The instruction set to compile for.</param>
/// <param name="Dims">Sizes of an ONNX file's symbolic dimensions.</param>
/// <param name="Weights">The weight file; null: the one that the class names, or that has its name.</param>
internal sealed record ModelRequest(string Path, TargetIsa Isa, IReadOnlyDictionary<string, int> Dims, string? Weights = null)
{
    /// <summary>Says which algorithms to use; null: the generator estimates.</summary>
    public TuningFile? Tuning { get; init; }
}

/// <summary>From a file of the command line to running code, by the way a project would take.</summary>
internal static class ModelLoader
{
    /// <exception cref="CommandException">The file is of neither kind, or the options do not fit it.</exception>
    /// <exception cref="ImportException">The ONNX file cannot be imported.</exception>
    /// <exception cref="CompilationException">The class is in error.</exception>
    public static LoadedModel Open(ModelRequest request) => IsOnnx(request) ? OpenOnnx(request) : OpenSource(request);

    /// <summary>Whether the model is an ONNX file; otherwise it is a class.</summary>
    /// <exception cref="CommandException">It is neither, does not exist, or the options do not fit it.</exception>
    public static bool IsOnnx(ModelRequest request)
    {
        if (!File.Exists(request.Path)) throw new CommandException($"{request.Path}: there is no such file");
        switch (Path.GetExtension(request.Path).ToLowerInvariant())
        {
            case ".onnx" when request.Weights is not null:
                throw new CommandException("--weights belongs to a .cs file; an ONNX file has weights of its own");
            case ".onnx":
                return true;
            case ".cs" when request.Dims.Count > 0:
                throw new CommandException("--dim belongs to an ONNX file; a class says its sizes itself");
            case ".cs":
                return false;
            default:
                throw new CommandException($"{request.Path}: a model is an .onnx file, or a .cs file with an annotated class");
        }
    }

    /// <summary>The network of an ONNX file.</summary>
    /// <exception cref="ImportException">It cannot be imported.</exception>
    public static ImportedNetwork Import(ModelRequest request) =>
        OnnxImporter.Import(OnnxModel.Read(request.Path), new ImportOptions(ClassName.OfModel(request.Path)) { Dims = request.Dims });

    /// <summary>The weight file of a class: the one of the command line, else the one that the class names, else the one of its name.</summary>
    /// <exception cref="CommandException">It does not exist.</exception>
    public static string FindWeights(ModelRequest request, string? named)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(request.Path))!;
        string path = request.Weights ?? Path.Combine(folder, named ?? Path.GetFileNameWithoutExtension(request.Path) + ".safetensors");
        return File.Exists(path) ? path : throw new CommandException($"{path}: there is no such weight file; say where it is with --weights FILE");
    }

    private static LoadedModel OpenOnnx(ModelRequest request)
    {
        ImportedNetwork network = Import(request);
        CompiledSource code = SourceCompiler.Compile(network.Model.Type.Name + ".cs", network.ClassSource(), request.Isa, request.Tuning);
        return new LoadedModel(code, request.Isa, options =>
        {
            using MemoryStream weights = WeightFile.InMemory(network.Weights);
            return code.Network.Load(weights, options);
        });
    }

    private static LoadedModel OpenSource(ModelRequest request)
    {
        string source = File.ReadAllText(request.Path);
        CompiledSource code = SourceCompiler.Compile(request.Path, source, request.Isa, request.Tuning, Manifest(request, source));
        bool hasWeights = code.Network.InfoFor(request.Isa).Weights.Count > 0;
        return new LoadedModel(code, request.Isa, options => code.Network.Load(hasWeights ? FindWeights(request, code.Network.WeightFile) : "", options));
    }

    /// <summary>Which weights are zero, where the class has layers that may be unrolled and names their file; null otherwise.</summary>
    private static ManifestFile? Manifest(ModelRequest request, string source)
    {
        // Only an attribute that says so needs the class to be read twice.
        if (!source.Contains(nameof(SparseAttribute.Unroll), StringComparison.Ordinal)) return null;
        NetworkModel model = SourceCompiler.Read(request.Path, source);
        return model.Unrolls && model.Type.Weights is { } weights ? new ManifestFile(FindWeights(request, weights), weights) : null;
    }
}
