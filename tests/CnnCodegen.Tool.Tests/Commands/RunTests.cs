using CnnCodegen.Tool.Tensors;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".npy", ".npy", "1")]
    [InlineData(".pb", ".pb", "3")]
    public void AnOnnxFileRuns(string from, string to, string threads)
    {
        string model = _folder.Write("scale.onnx", SmallModels.Scale()), input = Input("x" + from);
        CommandRun run = CommandRun.Of("run", model, "--input", input, "--output", _folder.At("y" + to), "--threads", threads);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(SmallModels.ScaleShape, TensorFile.Read(_folder.At("y" + to)).Dims);
        Assert.Equal(SmallModels.ScaleOutput, TensorFile.Read(_folder.At("y" + to)).Floats);
    }

    [Theory]
    [InlineData("numbers.safetensors", null)]
    [InlineData("elsewhere.safetensors", "elsewhere.safetensors")]
    public void AClassRunsWithTheWeightsItNamesOrIsGiven(string file, string? option)
    {
        string model = _folder.Write("Scale.cs", SmallModels.ScaleClass);
        SafetensorsWriter.Write(_folder.At(file), SmallModels.ScaleWeights);
        string[] weights = option is null ? [] : ["--weights", _folder.At(option)];
        CommandRun run = CommandRun.Of(["run", model, "--input", Input("x.npy"), "--output", _folder.At("y.npy"), .. weights]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(SmallModels.ScaleOutput, TensorFile.Read(_folder.At("y.npy")).Floats);
    }

    [Fact]
    public void AClassWithoutAnnotationIsRefused() =>
        Run(_folder.Write("Plain.cs", "public class Plain;")).AssertRefused("Plain.cs", "[Network]");

    [Fact]
    public void TwoNetworksInAFileAreRefused() =>
        Run(_folder.Write("Two.cs", SmallModels.ScaleClass + SmallModels.ScaleClass.Replace("class Scale", "class Other", StringComparison.Ordinal).Replace("using CnnCodegen;", "", StringComparison.Ordinal)))
            .AssertRefused("Two.cs", "Scale, Other");

    [Fact]
    public void AnErrorInTheClassIsThatOfTheGenerator() =>
        Run(_folder.Write("Scale.cs", SmallModels.ScaleClass.Replace("Kernel = 1", "Kernel = 9", StringComparison.Ordinal))).AssertRefused("Scale.cs(5,", "CNN", "scaled");

    [Fact]
    public void MissingWeightsAreRefused() => Run(_folder.Write("Scale.cs", SmallModels.ScaleClass)).AssertRefused("numbers.safetensors", "--weights");

    [Fact]
    public void WeightsThatDoNotFitAreRefused()
    {
        SafetensorsWriter.Write(_folder.At("numbers.safetensors"), SmallModels.ScaleWeights.Take(1));
        CommandRun run = Run(_folder.Write("Scale.cs", SmallModels.ScaleClass));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("numbers.safetensors", run.Error, StringComparison.Ordinal);
        Assert.Contains("scaled.bias: missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInputOfAnotherShapeIsRefused()
    {
        string model = _folder.Write("scale.onnx", SmallModels.Scale()), input = _folder.Write("x.npy", [2, 2], SmallModels.ScaleInput);
        CommandRun.Of("run", model, "--input", input, "--output", _folder.At("y.npy")).AssertRefused("2x2", "1x1x2x2");
    }

    [Fact]
    public void AMissingInputIsRefused()
    {
        OnnxBuilder sum = new OnnxBuilder(13).Input("left", 1, 2).Input("right", 1, 2).Node("Add", ["left", "right"], ["y"]).Output("y");
        Run(_folder.Write("sum.onnx", sum)).AssertRefused("--input", "left 1x2, right 1x2");
    }

    [Fact]
    public void AFileOfAnotherKindIsRefused()
    {
        Run(_folder.Write("model.txt", "")).AssertRefused("model.txt", ".onnx", ".cs");
        Run(_folder.At("none.onnx")).AssertRefused("none.onnx", "no such file");
        CommandRun.Of("run", _folder.At("none.onnx"), "--input", Input("x.csv.npy"), "--output", "y.csv").AssertRefused("y.csv", ".npy");
        CommandRun input = CommandRun.Of("run", _folder.At("none.onnx"), "--input", "x.csv", "--output", "y.npy");
        Assert.Equal("x.csv: the file name must end in .npy or .pb", input.Error.Trim());
    }

    [Fact]
    public void TwoOutputsInOneFileAreRefused() =>
        CommandRun.Of("run", _folder.At("none.onnx"), "--input", Input("x.npy"), "--output", "y.npy", "--output", "./y.npy").AssertRefused("--output y.npy", "2 times");

    private string Input(string name) => _folder.Write(name, SmallModels.ScaleShape, SmallModels.ScaleInput);

    private CommandRun Run(string model) => CommandRun.Of("run", model, "--input", Input("x.npy"), "--output", _folder.At("y.npy"));
}
