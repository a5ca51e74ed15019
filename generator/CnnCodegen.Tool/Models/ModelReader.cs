using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Tool.Models;

/// <summary>From a file of the command line to the network it defines and its weights, for commands that change either.</summary>
internal static class ModelReader
{
    /// <exception cref="CommandException">The file is of neither kind, or the options do not fit it.</exception>
    /// <exception cref="ImportException">The ONNX file cannot be imported.</exception>
    /// <exception cref="CompilationException">The class is in error.</exception>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    public static ImportedNetwork Read(ModelRequest request)
    {
        if (ModelLoader.IsOnnx(request)) return ModelLoader.Import(request);
        NetworkModel model = SourceCompiler.Read(request.Path, File.ReadAllText(request.Path));
        return new ImportedNetwork(model, ReadWeights(model, request), new Dictionary<string, string>(), Path.GetFileName(request.Path));
    }

    private static Dictionary<string, (int[] Shape, float[] Data)> ReadWeights(NetworkModel model, ModelRequest request)
    {
        (string Name, int[] Shape)[] tensors = [.. model.WeightTensors().Select(t => (t.Name, t.Shape.Dims.ToArray()))];
        if (tensors.Length == 0) return [];
        using SafetensorsFile file = SafetensorsFile.Open(ModelLoader.FindWeights(request, model.Type.Weights));
        return tensors.ToDictionary(t => t.Name, t => (t.Shape, TensorEncodings.Read(file, t.Name, t.Shape)), StringComparer.Ordinal);
    }
}
