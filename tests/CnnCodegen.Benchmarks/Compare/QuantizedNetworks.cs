using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Quantization;

namespace CnnCodegen.Benchmarks;

/// <summary>Networks quantized to 8 bits on noise, as ONNX files in the QDQ form, for as long as this lives.</summary>
internal sealed class QuantizedNetworks(TargetIsa isa) : IDisposable
{
    private static readonly string[] Names = ["mobilenet_v2", "resnet50"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    /// <summary>Quantizes those of the networks that are measured with 8 bits too: what each is called, and its file.</summary>
    /// <param name="models">The networks with their exports; batch norms should be folded in the last.</param>
    /// <param name="isWanted">Whether to measure one, by what it is called.</param>
    public IReadOnlyList<(string Name, string Path)> Write(IEnumerable<IGrouping<string, string>> models, Func<string, bool> isWanted) =>
    [
        .. from model in models
           where Names.Contains(model.Key)
           let name = model.Key + "_int8"
           where isWanted(name)
           select (name, Write(name, model.OrderBy(path => path.Length).Last())),
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string export)
    {
        ImportedNetwork network = ModelReader.Read(new ModelRequest(export, isa, new Dictionary<string, int>()));
        int[] layers = NetworkQuantizer.FloatLayers(network.Model), values = NetworkQuantizer.AllValues(network.Model, layers);
        IReadOnlyDictionary<int, Activation> grids = Calibration.Grids(network, values, SampleFolder.Noise(network.Model), CalibrationMethod.MinMax, share: 1, isa);
        string path = Path.Combine(_folder.FullName, name + ".onnx");
        QdqModel.Write(path, NetworkQuantizer.Quantize(network, layers, grids, integerBiases: true));
        return path;
    }
}
