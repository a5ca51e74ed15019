using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheClassAndItsWeightsAreWritten()
    {
        string model = _folder.Write("scale.onnx", SmallModels.Scale());
        CommandRun run = CommandRun.Of("import", model, "--name", "Triple", "--namespace", "My.Nets", "-o", _folder.At("out/deep"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        string source = File.ReadAllText(_folder.At("out/deep/Triple.cs"));
        Assert.Contains("namespace My.Nets;", source, StringComparison.Ordinal);
        Assert.Contains("[Network(Weights = \"Triple.safetensors\")]", source, StringComparison.Ordinal);
        using SafetensorsFile weights = SafetensorsFile.Open(_folder.At("out/deep/Triple.safetensors"));
        Assert.Equal(["scaled.bias", "scaled.weight"], weights.Tensors.Select(t => t.Name).Order());
    }

    [Fact]
    public void TheNameComesFromTheFileOrItsFolder()
    {
        CommandRun.Of("import", _folder.Write("my-net.onnx", SmallModels.Scale()), "-o", _folder.Path);
        CommandRun.Of("import", _folder.Write("lenet-5/model.onnx", SmallModels.Scale()), "-o", _folder.Path);
        Assert.True(File.Exists(_folder.At("MyNet.cs")));
        Assert.True(File.Exists(_folder.At("Lenet5.cs")));
    }

    [Fact]
    public void ANamedDimensionNeedsASize()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("image", "N", 2, "H", "W").Node("Relu", ["image"], ["y"]).Output("y");
        string path = _folder.Write("relu.onnx", model);
        CommandRun.Of("import", path, "-o", _folder.Path).AssertRefused("relu.onnx", "H", "W", "--dim");
        CommandRun.Of("import", path, "-o", _folder.Path, "--dim", "D=1").AssertRefused("'D'", "the named dimensions are: H, N, W");
        CommandRun.Of("import", _folder.Write("scale.onnx", SmallModels.Scale()), "-o", _folder.Path, "--dim", "D=1").AssertRefused("'D'", "none has a name");
        CommandRun run = CommandRun.Of("import", path, "-o", _folder.Path, "--dim", "H=4", "--dim", "W=5", "--dim", "N=3");
        Assert.Equal(0, run.Code);
        Assert.Contains("[Input(\"image\", 2, 4, 5)]", File.ReadAllText(_folder.At("Relu.cs")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name", "two words")]
    [InlineData("--namespace", "1.x")]
    public void NamesThatAreNoneAreRefused(string option, string name) =>
        CommandRun.Of("import", _folder.Write("scale.onnx", SmallModels.Scale()), "-o", _folder.Path, option, name).AssertRefused(option, name);
}
