using System.Buffers.Binary;
using System.CommandLine;
using System.Text.Json;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Tests.Support;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import");
    private readonly StringWriter _output = new(), _error = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Import_writes_the_class_and_its_weights()
    {
        string model = Path.Combine(_folder.FullName, "tiny-net.onnx"), target = Path.Combine(_folder.FullName, "out");
        File.WriteAllBytes(model, new OnnxBuilder(11).Input("image", "N", 2, "side", "side").Weight("conv.weight", 3, 2, 1, 1)
            .Node("Conv", ["image", "conv.weight"], ["y"]).Output("y").Proto.ToByteArray());

        Assert.Equal(0, Run(model, "-o", target, "--dim", "side=8", "--dim", "N=2"));
        Assert.Contains("[Network(Weights = \"TinyNet.safetensors\", Batch = 2)]\n[Input(\"image\", 2, 8, 8)]\n[Conv(\"conv\", 3, Kernel = 1, Bias = false)]", File.ReadAllText(Path.Combine(target, "TinyNet.cs")));
        byte[] weights = File.ReadAllBytes(Path.Combine(target, "TinyNet.safetensors"));
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(weights);
        JsonElement tensor = JsonDocument.Parse(weights.AsMemory(8, header)).RootElement.GetProperty("conv.weight");
        Assert.Equal([3, 2, 1, 1], tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(0.5f, BinaryPrimitives.ReadSingleLittleEndian(weights.AsSpan(8 + header)));
        Assert.Equal(8 + header + 24, weights.Length);
    }

    [Fact]
    public void A_fault_is_one_line_and_an_exit_code()
    {
        Assert.Equal(1, Run(Path.Combine(_folder.FullName, "none.onnx"), "-o", _folder.FullName));
        Assert.StartsWith("none.onnx: the file cannot be read", _error.ToString());
        Assert.NotEqual(0, Run("none.onnx", "--dim", "side"));
    }

    private int Run(params string[] arguments) =>
        new RootCommand { ImportCommand.Create() }.Parse(["import", .. arguments]).Invoke(new InvocationConfiguration { Output = _output, Error = _error });
}
