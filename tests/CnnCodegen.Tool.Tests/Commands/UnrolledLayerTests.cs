using CnnCodegen.Manifest;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Tool.Tests.Commands;

/// <summary>Layers whose zeros the compiler knows: the command line reads the weight file as a project's build does.</summary>
public sealed class UnrolledLayerTests : IDisposable
{
    private const string Source = """
        using CnnCodegen;

        [Network(Weights = "net.safetensors"), Input("x", 64), Linear("fc", 32), Sparse(0.1, Unroll = true)]
        public sealed partial class Net;
        """;

    private static readonly float[] Weights = [.. Enumerable.Range(0, 32 * 64).Select(i => i % 11 == 3 ? i + 1f : 0)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PlainAndEncodedWeightsAreUnrolled(bool encoded)
    {
        string model = _folder.Write("Net.cs", Source);
        WriteWeights(encoded);
        CommandRun run = CommandRun.Of("inspect", model, "--isa", "avx2", "--code", "fc");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Linear_Unrolled_1x64x32_N186__Avx2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingWeightFileIsNamed()
    {
        CommandRun run = CommandRun.Of("inspect", _folder.Write("Net.cs", Source));
        Assert.Equal(1, run.Code);
        Assert.Contains("net.safetensors: there is no such weight file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheManifestHasABitForEachWeight()
    {
        string plain = ManifestText.Of(WriteWeights(encoded: false)), encoded = ManifestText.Of(WriteWeights(encoded: true));
        byte[] bits = new byte[32 * 64 / 8];
        for (int i = 0; i < Weights.Length; i++)
            if (Weights[i] != 0) bits[i / 8] |= (byte)(1 << i % 8);
        Assert.Equal(plain, encoded);
        Assert.Contains($"\"fc.weight\": \"{Convert.ToBase64String(bits.AsSpan().TrimEnd((byte)0))}\"", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("fc.bias", plain, StringComparison.Ordinal);
    }

    private string WriteWeights(bool encoded)
    {
        string path = _folder.Write("net.safetensors", "");
        StoredTensor bias = new("fc.bias", [32], new float[32]);
        SafetensorsWriter.Write(path, encoded ? [bias, .. TensorEncodings.Sparse("fc.weight", Weights)] : [bias, new StoredTensor("fc.weight", [32, 64], Weights)]);
        return path;
    }
}
