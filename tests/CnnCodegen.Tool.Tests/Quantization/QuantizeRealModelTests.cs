using CnnCodegen.Tool.Tensors;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Quantization;

public sealed class QuantizeRealModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The outputs of the quantized network are near those of the float one, and the greatest is the same.</summary>
    [SharedDataTheory]
    [InlineData("resnet20-cifar10", "minmax", 0.15)]
    [InlineData("lenet5-dns-original", "minmax", 0.05)]
    [InlineData("lenet5-dns-original", "entropy", 0.1)]
    public void A_quantized_network_decides_as_the_float_one(string model, string method, double bound)
    {
        string folder = Path.Combine(SharedData.Folder!, "models", model), input = Path.Combine(folder, "test_data_set_0", "input_0.pb");

        CommandRun run = CommandRun.Of("quantize", Path.Combine(folder, "model.onnx"), "--calibration", folder, "--method", method, "--name", "Small", "--output", _folder.Path);

        Assert.Equal(0, run.Code);
        Assert.Contains("Int8", File.ReadAllText(_folder.At("Small.cs")), StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("run", _folder.At("Small.cs"), "--input", input, "--output", _folder.At("y.npy")).Code);
        Assert.Equal(0, CommandRun.Of("run", Path.Combine(folder, "model.onnx"), "--input", input, "--output", _folder.At("x.npy")).Code);
        float[] quantized = TensorFile.Read(_folder.At("y.npy")).Floats, floats = TensorFile.Read(_folder.At("x.npy")).Floats;
        double error = Math.Sqrt(quantized.Zip(floats, (q, f) => Math.Pow((double)q - f, 2)).Sum() / floats.Sum(f => (double)f * f));
        Assert.InRange(error, 0, bound);
        Assert.Equal(Array.IndexOf(floats, floats.Max()), Array.IndexOf(quantized, quantized.Max()));
    }
}
