using System.Globalization;
using CnnCodegen.Compression;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Tensors;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class CompressRealModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Deep Compression's own file is 675763 bytes for the same weights.</summary>
    [SharedDataTheory]
    [InlineData("squeezenet-v1.0-deep-compression", 675_763 * 5 / 4)]
    [InlineData("lenet5-dns-sparse", 1_725_331 / 59)]
    public void TheCompactFormIsSmallAndLosesNothing(string model, int bytes)
    {
        ImportedNetwork network = Import(model);

        CompactWeights.Write(_folder.At("w.safetensors"), CompactWeights.Of(network).Values.SelectMany(t => t));

        Assert.InRange(new FileInfo(_folder.At("w.safetensors")).Length, 1, bytes);
        using SafetensorsFile file = SafetensorsFile.Open(_folder.At("w.safetensors"));
        foreach ((string name, (int[] shape, float[] data)) in network.Weights)
            Assert.Equal(Bits(data), Bits(TensorEncodings.Read(file, name, shape)));
    }

    [SharedDataTheory]
    [InlineData("lenet5-dns-original", 0.5)]
    [InlineData("lenet5-dns-original", 0.1)]
    [InlineData("lenet5-dns-original", 0.01)]
    [InlineData("squeezenet-v1.0-deep-compression", 0.2)]
    public void APrunedNetworkIsTheMaskedDenseNetwork(string model, double density)
    {
        string path = Path.Combine(SharedData.Folder!, "models", model, "model.onnx");
        CommandRun run = CommandRun.Of("compress", path, "--method", "magnitude", "--density", density.ToString(CultureInfo.InvariantCulture), "--runs", "0", "--name", "Small", "--output", _folder.Path);
        Assert.Equal(0, run.Code);

        ImportedNetwork dense = Import(model);
        Dictionary<string, (int[], float[])> masked = dense.Weights.ToDictionary(w => w.Key, w => w.Value.Shape.Length < 2 ? w.Value : (w.Value.Shape, MagnitudePruning.ToDensity(w.Value.Data, density)));
        string input = Path.Combine(SharedData.Folder!, "models", model, "test_data_set_0", "input_0.pb");
        Assert.Equal(0, CommandRun.Of("run", _folder.At("Small.cs"), "--input", input, "--output", _folder.At("y.npy")).Code);

        int output = dense.Model.Outputs[0];
        using NodeRunner runner = new(dense with { Weights = masked }, [output], InstructionSets.Parse(InstructionSets.Auto));
        float[] expected = runner.Run([TensorFile.Read(input).Floats])[0];
        Difference difference = Difference.Of(TensorFile.Read(_folder.At("y.npy")).Floats, i => expected[i], new Tolerance(1e-4 * expected.Max(Math.Abs), 1e-4));
        Assert.True(difference.Wrong == 0, difference.ToString());
    }

    private static ImportedNetwork Import(string model) => ModelReader.Read(new ModelRequest(Path.Combine(SharedData.Folder!, "models", model, "model.onnx"), TargetIsa.Portable, new Dictionary<string, int>()));

    private static int[] Bits(float[] values) => Array.ConvertAll(values, v => v == 0 ? 0 : BitConverter.SingleToInt32Bits(v));
}
