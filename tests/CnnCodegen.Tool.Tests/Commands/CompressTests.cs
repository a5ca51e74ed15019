using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class CompressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APrunedClassIsAClassWithSparseLayers()
    {
        CommandRun run = Compress(SmallModels.Chain(), "--method", "magnitude", "--density", "0.25", "--exclude", "last");

        Assert.Equal(0, run.Code);
        string source = File.ReadAllText(_folder.At("Small.cs"));
        Assert.Contains("[Conv(\"first\", 4, Kernel = 3, Padding = 1), Sparse(0.25), Relu]", source, StringComparison.Ordinal);
        Assert.Contains("[Linear(\"last\", 3)]", source, StringComparison.Ordinal);
        Assert.Contains("[Network(Weights = \"Small.safetensors\")]", source, StringComparison.Ordinal);
        ImportedNetwork network = Written();
        Assert.Equal(4 * 2 * 9 / 4, network.Weight("first.weight").Count(w => w != 0));
        Assert.Equal(["layer", "first", "last", "total", "Small.cs"], run.Lines.Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public void TheOutputsAreThoseOfTheMaskedNetwork()
    {
        Compress(SmallModels.Chain(), "--method", "global-magnitude", "--density", "0.4");
        ImportedNetwork dense = ModelReader.Read(new ModelRequest(_folder.At("chain.onnx"), TargetIsa.Portable, new Dictionary<string, int>())), pruned = Written();

        foreach ((string name, (int[] _, float[] data)) in pruned.Weights)
            Assert.All(data.Zip(dense.Weight(name)), w => Assert.True(w.First == 0 || w.First == w.Second, name));
        string model = _folder.At("Small.cs"), x = _folder.Write("x.npy", [1, 2, 5, 5], [.. Enumerable.Range(0, 50).Select(i => i / 25f - 1)]);
        Assert.Equal(0, CommandRun.Of("run", model, "--input", x, "--output", _folder.At("y.npy")).Code);
        float[] y = CnnCodegen.Tool.Tensors.TensorFile.Read(_folder.At("y.npy")).Floats;
        CnnCodegen.Reference.ReferenceTensor expected = new CnnCodegen.Tool.Verification.ReferenceNetwork(dense.Model, name => pruned.Weight(name))
            .RunOutputs(CnnCodegen.Reference.ReferenceTensor.FromSingle([.. Enumerable.Range(0, 50).Select(i => i / 25f - 1)], 1, 2, 5, 5))[0];
        Assert.All(y.Zip(expected.Data), v => Assert.Equal(v.Second, v.First, 1e-5));
    }

    [Fact]
    public void BinaryWeightsAreStoredAsBits()
    {
        Assert.Equal(0, Compress(SmallModels.Chain(channels: 64), "--method", "binary-weight").Code);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.At("Small.safetensors"));
        Assert.Equal("U8 64x3", $"{file.Find("first.weight.bits")!.Dtype} {file.Find("first.weight.bits")!.ShapeText}");
        Assert.Null(file.Find("first.weight"));
        Assert.Contains("Padding = 1), BinaryWeight, Relu]", File.ReadAllText(_folder.At("Small.cs")), StringComparison.Ordinal);
        Assert.Equal(64, Written().Weight("first.weight").Select(Math.Abs).Distinct().Count());
    }

    [Fact]
    public void CodesAreStoredAsBytes()
    {
        string model = _folder.Write("Coded.cs", "using CnnCodegen;\n[Network]\n[Input(\"x\", 16)]\n[Linear(\"l\", 8), Int8]\npublic sealed partial class Coded;\n");
        float[] scales = [.. Enumerable.Range(1, 8).Select(i => 0.1f * i)], weights = [.. Enumerable.Range(0, 128).Select(i => ((i * 37 % 255) - 127) * scales[i / 16])];
        SafetensorsWriter.Write(_folder.At("Coded.safetensors"), [("l.weight", [8, 16], weights), ("l.weight_scale", [8], scales), ("l.bias", [8], new float[8])]);

        Assert.Equal(0, CommandRun.Of("compress", model, "--method", "lossless", "--runs", "0", "--name", "Small", "--output", _folder.Path).Code);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.At("Small.safetensors"));
        Assert.Equal("I8 8x16", $"{file.Find("l.weight.int8")!.Dtype} {file.Find("l.weight.int8")!.ShapeText}");
        Assert.Equal(weights, Written().Weight("l.weight"));
        Assert.Equal(0, CommandRun.Of("bench", _folder.At("Small.cs"), "--iterations", "1").Code);
    }

    [Fact]
    public void WhatIsCompressedCanBeCompressedAgain()
    {
        Compress(SmallModels.Chain(channels: 16), "--method", "magnitude", "--density", "0.5");
        CommandRun run = CommandRun.Of("compress", _folder.At("Small.cs"), "--method", "magnitude", "--density", "0.1", "--runs", "0", "--name", "Smaller", "--output", _folder.Path);

        Assert.Equal(0, run.Code);
        Assert.Contains("Sparse(0.1007)", File.ReadAllText(_folder.At("Smaller.cs")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--method", "magnitude" }, "--method magnitude needs --density")]
    [InlineData(new[] { "--method", "magnitude", "--density", "1.5" }, "--density 1.5: it must be from 0 to 1")]
    [InlineData(new[] { "--method", "lossless", "--density", "0.5" }, "--density is nothing for --method lossless")]
    [InlineData(new[] { "--method", "lossless", "--exclude", "frist" }, "--exclude frist: no convolution or linear layer has that name; there are first, last")]
    [InlineData(new[] { "--method", "binary-weight", "--exclude", "first", "last" }, "Chain has no layer left to compress")]
    [InlineData(new[] { "--method", "lossless", "--samples", "nowhere" }, "nowhere: there is no such folder")]
    public void BadOptionsAreRefused(string[] options, string message)
    {
        CommandRun run = Compress(SmallModels.Chain(), options);

        Assert.Equal(1, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("Small.cs")));
    }

    [Fact]
    public void TheModelIsNotOverwritten()
    {
        string model = _folder.Write("Scale.cs", SmallModels.ScaleClass);
        SafetensorsWriter.Write(_folder.At("numbers.safetensors"), SmallModels.ScaleWeights);

        CommandRun.Of("compress", model, "--method", "lossless", "--output", _folder.Path).AssertRefused("would overwrite the model");
    }

    [Theory]
    [InlineData("x.npy", new[] { 3, 2, 5, 5 }, 3)]
    [InlineData("set/input_0.npy", new[] { 1, 2, 5, 5 }, 1)]
    public void SamplesAreFilesOrFoldersOfThem(string file, int[] dims, int count)
    {
        ImportedNetwork network = ModelReader.Read(new ModelRequest(_folder.Write("chain.onnx", SmallModels.Chain()), TargetIsa.Portable, new Dictionary<string, int>()));
        _folder.Write(Path.Combine("samples", file), dims, new float[dims.Aggregate(1, (a, b) => a * b)]);

        Assert.Equal(count, SampleFolder.Read(_folder.At("samples"), network.Model).Count);
    }

    private CommandRun Compress(OnnxBuilder model, params string[] options) =>
        CommandRun.Of(["compress", _folder.Write("chain.onnx", model), "--name", "Small", "--output", _folder.Path, "--runs", "0", .. options]);

    private ImportedNetwork Written() => ModelReader.Read(new ModelRequest(_folder.At("Small.cs"), TargetIsa.Portable, new Dictionary<string, int>()));
}
