using System.Text.Json.Nodes;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("auto")]
    [InlineData("avx512")]
    [InlineData("avx2")]
    [InlineData("portable")]
    public void ARightModelPasses(string isa)
    {
        Case("scale", SmallModels.Scale(), SmallModels.ScaleOutput);
        CommandRun run = CommandRun.Of("verify", _folder.Path, "--isa", isa);
        Assert.Equal(["pass scale", "1 passed, 0 failed, 0 skipped"], run.Lines);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public void AnInstructionSetThatIsMissingIsSaidOnce()
    {
        Case("a", SmallModels.Scale(), SmallModels.ScaleOutput);
        Case("b", SmallModels.Scale(), SmallModels.ScaleOutput);
        CommandRun run = CommandRun.Of("verify", _folder.Path, "--isa", "avx512");
        bool available = Compilation.InstructionSets.IsAvailable(TargetIsa.Avx512);
        Assert.Equal(available ? 0 : 1, run.Error.Split('\n').Count(l => l.Contains("avx512", StringComparison.Ordinal)));
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public void AWrongResultFailsWithItsErrors()
    {
        Case("scale", SmallModels.Scale(), [2, 0, 0, 4]);
        CommandRun run = CommandRun.Of("verify", _folder.Path);
        Assert.StartsWith("fail scale: largest absolute error 1, relative 0.25 (test_data_set_0); ", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal("0 passed, 1 failed, 0 skipped", run.Lines[^1]);
        Assert.Equal(1, run.Code);
    }

    [Theory]
    [InlineData("--atol", "1.5", 0)]
    [InlineData("--atol", "0.5", 1)]
    [InlineData("--rtol", "0.3", 0)]
    [InlineData("--rtol", "0.2", 1)]
    public void TheTolerancesDecide(string option, string value, int code)
    {
        Case("scale", SmallModels.Scale(), [2, 0, 0, 4]);
        Assert.Equal(code, CommandRun.Of("verify", _folder.Path, option, value).Code);
    }

    [Fact]
    public void UnsupportedOperatorsAreNamedAndDoNotFail()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 4).Node("Det", ["x"], ["d"]).Node("Erf", ["d"], ["y"]).Output("y");
        Case("odd", model, [0]);
        CommandRun run = CommandRun.Of("verify", _folder.Path);
        Assert.Matches("^unsupported odd: .*Det.*Erf", run.Lines[0]);
        Assert.Equal("0 passed, 0 failed, 1 skipped", run.Lines[1]);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public void ABrokenFileFailsAndTheRestRuns()
    {
        Case("a", SmallModels.Scale(), SmallModels.ScaleOutput);
        File.WriteAllText(_folder.At("a/model.onnx"), "no model");
        Case("b", SmallModels.Scale(), SmallModels.ScaleOutput);
        CommandRun run = CommandRun.Of("verify", _folder.Path);
        Assert.StartsWith("fail a: model.onnx: ", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal("pass b", run.Lines[1]);
        Assert.Equal(1, run.Code);
    }

    [Fact]
    public void TheJsonReportHoldsEveryCase()
    {
        Case("deep/a", SmallModels.Scale(), SmallModels.ScaleOutput);
        Case("deep/b", SmallModels.Scale(), [2, 0, 0, 4]);
        CommandRun run = CommandRun.Of("verify", _folder.Path, "--json");
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal(["deep/a", "deep/b"], report["cases"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Equal(["pass", "fail"], report["cases"]!.AsArray().Select(c => (string)c!["outcome"]!));
        Assert.Equal(1, (double)report["cases"]![1]!["absolute_error"]!);
        Assert.Equal((1, 1, 0), ((int)report["passed"]!, (int)report["failed"]!, (int)report["skipped"]!));
    }

    [Fact]
    public void AllDataSetsMustPassInTheOrderOfTheirNumbers()
    {
        Case("scale", SmallModels.Scale(), SmallModels.ScaleOutput);
        foreach (int set in (int[])[10, 2])
        {
            _folder.Write($"scale/test_data_set_{set}/input_0.pb", SmallModels.ScaleShape, SmallModels.ScaleInput);
            _folder.Write($"scale/test_data_set_{set}/output_0.pb", SmallModels.ScaleShape, [0, 0, 0, 0]);
        }

        Assert.Contains("(test_data_set_2)", CommandRun.Of("verify", _folder.At("scale")).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void DataSetsOfAnySizeGiveTheSymbolicDimensions()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", "N", 2).Node("Relu", ["x"], ["y"]).Output("y");
        _folder.Write("relu/model.onnx", model);
        foreach (int batch in (int[])[1, 3])
        {
            _folder.Write($"relu/test_data_set_{batch}/input_0.pb", [batch, 2], new float[2 * batch]);
            _folder.Write($"relu/test_data_set_{batch}/output_0.pb", [batch, 2], new float[2 * batch]);
        }

        Assert.Equal("pass relu", CommandRun.Of("verify", _folder.Path).Lines[0]);
    }

    [Fact]
    public void WeightsThatAreFedAsInputsAreConstants()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 1, 1, 2, 2).Input("w", 1, 1, 1, 1).Node("Conv", ["x", "w"], ["y"]).Output("y");
        _folder.Write("conv/model.onnx", model);
        foreach (int set in (int[])[0, 1])
        {
            _folder.Write($"conv/test_data_set_{set}/input_0.pb", SmallModels.ScaleShape, [1, 2, 3, 4]);
            _folder.Write($"conv/test_data_set_{set}/input_1.pb", [1, 1, 1, 1], [set]);
            _folder.Write($"conv/test_data_set_{set}/output_0.pb", SmallModels.ScaleShape, [set, 2 * set, 3 * set, 4 * set]);
        }

        Assert.Equal("pass conv", CommandRun.Of("verify", _folder.Path).Lines[0]);
    }

    [Fact]
    public void AnInputBesideTheModelsFolderIsSharedByAll()
    {
        Case("scale", SmallModels.Scale(), SmallModels.ScaleOutput);
        File.Move(_folder.At("scale/test_data_set_0/input_0.pb"), _folder.At("input_1x1x2x2.pb"));
        Assert.Equal("pass scale", CommandRun.Of("verify", _folder.Path).Lines[0]);
    }

    [Fact]
    public void NanAndInfinityEqualThemselves()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("x", 3).Node("Sqrt", ["x"], ["y"]).Output("y");
        _folder.Write("sqrt/model.onnx", model);
        _folder.Write("sqrt/test_data_set_0/input_0.pb", [3], [-1, float.PositiveInfinity, 4]);
        _folder.Write("sqrt/test_data_set_0/output_0.pb", [3], [float.NaN, float.PositiveInfinity, 2]);
        Assert.Equal("pass sqrt", CommandRun.Of("verify", _folder.Path).Lines[0]);
    }

    [Fact]
    public void AFolderWithoutCasesIsRefused() => CommandRun.Of("verify", _folder.Path).AssertRefused(_folder.Path, "test_data_set_*");

    [Fact]
    public void AMissingTensorFileFails()
    {
        Case("scale", SmallModels.Scale(), SmallModels.ScaleOutput);
        File.Delete(_folder.At("scale/test_data_set_0/input_0.pb"));
        Assert.Equal("fail scale: test_data_set_0: there are 0 files input_*.pb, and the graph has 1 inputs", CommandRun.Of("verify", _folder.Path).Lines[0]);
    }

    private void Case(string name, OnnxBuilder model, float[] output)
    {
        _folder.Write($"{name}/model.onnx", model);
        _folder.Write($"{name}/test_data_set_0/input_0.pb", output.Length == 4 ? SmallModels.ScaleShape : [1, 4], SmallModels.ScaleInput);
        _folder.Write($"{name}/test_data_set_0/output_0.pb", output.Length == 4 ? SmallModels.ScaleShape : [output.Length], output);
    }
}
