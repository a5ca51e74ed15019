using CnnCodegen.Compression;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Tests.Commands;

/// <summary>Layers that a refinement makes several nodes of, against the dense layer that the stored factors multiply out to.</summary>
public sealed class FactorisedLayerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Kernel = 3", 2)]
    [InlineData("Kernel = 3, Padding = 1", 1)]
    [InlineData("Kernel = 5, Stride = 2, Padding = 2", 3)]
    [InlineData("Kernel = 1, Padding = 1", 2)]
    [InlineData("KernelShape = [1, 3], Pads = [0, 1, 2, 0], Dilation = 2", 2)]
    public void ALookupIsTheDenseConvolutionOfItsExpansion(string window, int terms)
    {
        const int filters = 7, channels = 6, words = 5;
        int taps = window.Contains('5', StringComparison.Ordinal) ? 25 : window.Contains("Kernel = 1", StringComparison.Ordinal) ? 1 : window.Contains("Shape", StringComparison.Ordinal) ? 3 : 9;
        float[][] dictionary = [.. Enumerable.Range(0, words).Select(i => Noise(channels, i))];
        float[] coefficients = new float[filters * words * taps];
        Random random = new(1);
        for (int i = 0; i < filters * taps * terms; i++) coefficients[random.Next(coefficients.Length)] = random.NextSingle();

        string shape = taps == 25 ? "5,5" : taps == 1 ? "1,1" : taps == 3 ? "1,3" : "3,3";
        int[] kernel = [.. shape.Split(',').Select(int.Parse)];
        Compare(
            $"[Conv(\"c\", {filters}, {window}), Lookup({words}, {terms}), Relu]", $"[Conv(\"c\", {filters}, {window}), Relu]",
            [("c.dictionary.weight", [words, channels, 1, 1], dictionary.SelectMany(w => w).ToArray()), ("c.weight", [filters, words, .. kernel], coefficients), ("c.bias", [filters], Noise(filters, 3))],
            [("c.weight", [filters, channels, .. kernel], LookupDictionary.Expand(dictionary, coefficients, filters)), ("c.bias", [filters], Noise(filters, 3))]);
    }

    [Fact]
    public void ADecompositionIsTheDenseConvolutionOfItsExpansion()
    {
        const int filters = 7, channels = 6, bases = 2;
        float[] mix = Noise(channels * channels, 1), spatial = Noise(channels * bases * 9, 2), combination = MagnitudePruning.ToDensity(Noise(filters * channels * bases, 3), 0.4);
        float[] dense = new float[filters * channels * 9];
        for (int k = 0; k < filters; k++)
            for (int c = 0; c < channels; c++)
                for (int t = 0; t < 9; t++)
                    for (int d = 0; d < channels * bases; d++)
                        dense[((k * channels) + c) * 9 + t] += combination[(k * channels * bases) + d] * spatial[(d * 9) + t] * mix[((d / bases) * channels) + c];

        Compare(
            "[Conv(\"c\", 7, Kernel = 3, Stride = 2, Padding = 1), SparseDecomposed(2, 0.4), Relu]", "[Conv(\"c\", 7, Kernel = 3, Stride = 2, Padding = 1), Relu]",
            [("c.channels.weight", [6, 6, 1, 1], mix), ("c.spatial.weight", [12, 1, 3, 3], spatial), ("c.weight", [7, 12, 1, 1], combination), ("c.bias", [7], Noise(7, 3))],
            [("c.weight", [7, 6, 3, 3], dense), ("c.bias", [7], Noise(7, 3))]);
    }

    [Fact]
    public void ACompressedClassDeclaresOneLayer()
    {
        string model = _folder.Write("chain.onnx", SmallModels.Chain(channels: 32));
        CommandRun run = CommandRun.Of("compress", model, "--method", "lookup", "--dictionary", "12", "--terms", "1", "--runs", "0", "--name", "Small", "--output", _folder.Path);

        Assert.Equal((0, 1), (run.Code, run.Lines.Count(l => l.StartsWith("last", StringComparison.Ordinal))));
        Assert.Contains("[Linear(\"last\", 3)]", File.ReadAllText(_folder.At("Small.cs")), StringComparison.Ordinal);
        Assert.Contains("[Conv(\"first\", 32, Kernel = 3, Padding = 1), Lookup(12, 1), Relu]", File.ReadAllText(_folder.At("Small.cs")), StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("bench", _folder.At("Small.cs"), "--iterations", "1").Code);
        Assert.Contains("first.dictionary, first", CommandRun.Of("compress", _folder.At("Small.cs"), "--method", "lossless", "--runs", "0", "--name", "Again", "--output", _folder.Path).Error, StringComparison.Ordinal);
    }

    private void Compare(string refined, string dense, (string, int[], float[])[] factors, (string Name, int[], float[] Data)[] expansion)
    {
        const string input = "[Network, Input(\"x\", 6, 9, 11)]";
        string path = _folder.Write("Refined.cs", $"using CnnCodegen;\n{input}\n{refined}\npublic sealed partial class Refined;\n");
        SafetensorsWriter.Write(_folder.At("Refined.safetensors"), factors.Select(f => (f.Item1, f.Item2, (ReadOnlyMemory<float>)f.Item3)));
        ImportedNetwork network = ModelReader.Read(new ModelRequest(path, TargetIsa.Portable, new Dictionary<string, int>()));
        float[] x = Noise(6 * 9 * 11, 9);
        double[] expected = new ReferenceNetwork(SourceCompiler.Read("Dense.cs", $"using CnnCodegen;\n{input}\n{dense}\npublic sealed partial class Dense;\n"), name => expansion.First(e => e.Name == name).Data)
            .RunOutputs(ReferenceTensor.FromSingle(x, 1, 6, 9, 11))[0].Data;
        foreach (TargetIsa isa in (TargetIsa[])[TargetIsa.Portable, TargetIsa.Avx2])
        {
            using NodeRunner runner = new(network, [network.Model.Outputs[0]], isa);
            Difference difference = Difference.Of(runner.Run([x])[0], i => expected[i], new Tolerance(1e-5, 1e-5));
            Assert.True(difference.Wrong == 0, $"{isa}: {difference}");
        }
        Assert.Contains(refined, network.ClassSource(), StringComparison.Ordinal);
    }

    private static float[] Noise(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
