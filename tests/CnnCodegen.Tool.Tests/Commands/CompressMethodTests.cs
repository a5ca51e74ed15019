using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Compression.Channels;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Commands;

/// <summary>What each method does to a network of a convolution, a rectifier and a linear layer.</summary>
public sealed class CompressMethodTests : IDisposable
{
    private const int Channels = 32, Taps = 18, Pixels = 25;

    private static readonly Dictionary<string, double> Values = new()
    {
        [MethodCatalog.Density] = 0.5, [MethodCatalog.Quality] = 0.5, [MethodCatalog.Threshold] = 0.56, [MethodCatalog.Dictionary] = 12,
        [MethodCatalog.Terms] = 1, [MethodCatalog.Bases] = 4, [MethodCatalog.Deviations] = 1, [MethodCatalog.Values] = 16, [MethodCatalog.Zeros] = 0.5,
        [MethodCatalog.WeightBits] = 3, [MethodCatalog.ActivationBits] = 4,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Methods => [.. MethodCatalog.All.Select(m => m.Name)];

    /// <summary>A new method is tested unasked.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void TheWrittenClassComputesWhatTheCompressedNetworkDoes(string method)
    {
        CompressionJob job = Job(network => network, [.. MethodCatalog.Find(method).Options.Select(o => (o, Values[o]))]);
        string[] numbers = [.. MethodCatalog.Find(method).Options.SelectMany(o => (string[])[o, Values[o].ToString(System.Globalization.CultureInfo.InvariantCulture)])];
        CommandRun run = CommandRun.Of(["compress", _folder.Write("chain.onnx", SmallModels.Chain(Channels)), "--method", method, .. numbers, "--samples", Samples(job), "--runs", "0", "--name", "Small", "--output", _folder.Path]);
        Assert.Equal((0, ""), (run.Code, run.Error));

        ImportedNetwork written = ModelReader.Read(new ModelRequest(_folder.At("Small.cs"), TargetIsa.Portable, new Dictionary<string, int>()));
        Assert.Equal(0, Error(job with { Network = MethodCatalog.Find(method).Apply(job) }, written), 1e-6);
        double weights(ImportedNetwork n) => n.Weights.Values.Sum(w => w.Data.Count(x => x != 0));
        Assert.True(method is "lossless" or "binary-weight" or "binary" or "xnor" or "dorefa" or "share" || weights(written) < weights(job.Network), "nothing was removed");
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("divnet")]
    public void CopiesOfAChannelGoWithoutATrace(string method)
    {
        CompressionJob job = Job(network => Change(network, (first, bias) =>
        {
            for (int copy = 1; copy < 4; copy++)
            {
                for (int i = 0; i < Taps; i++) first[(copy * Taps) + i] = first[i];
                bias[copy] = bias[0];
            }
        }), (MethodCatalog.Density, (Channels - 3.0) / Channels));

        ImportedNetwork small = MethodCatalog.Find(method).Apply(job);

        Assert.Equal(Channels - 3, small.Model.Nodes.Single(n => n.Name == "first").Shape[1]);
        Assert.Equal(0, Error(job, small), 1e-5);
    }

    [Fact]
    public void NeuronsBehindABatchNormAreMerged()
    {
        ImportedNetwork network = SmallModels.Chain(Channels, norm: true).Import();
        string norm = network.Model.Nodes.Single(n => n.Layer is Generator.Model.BatchNorm).Name;
        Assert.Equal(0, Error(Job(network), NormFolding.Apply(Job(network)).Network), 1e-6);

        // The same channel twice, three times as large behind the norm.
        network = Change(network, tensor =>
        {
            tensor("first.weight").AsSpan(0, Taps).CopyTo(tensor("first.weight").AsSpan(Taps));
            foreach (string zeros in (string[])["first.bias", norm + ".bias", norm + ".running_mean"]) tensor(zeros).AsSpan(0, 2).Clear();
            tensor(norm + ".running_var").AsSpan(0, 2).Fill(1);
            (tensor(norm + ".weight")[0], tensor(norm + ".weight")[1]) = (0.5f, 1.5f);
        });
        CompressionJob job = Job(network, (MethodCatalog.Density, (Channels - 1.0) / Channels));
        ImportedNetwork small = MethodCatalog.Find("merge").Apply(job);

        Assert.Equal(Channels - 1, small.Model.Nodes.Single(n => n.Name == "first").Shape[1]);
        Assert.DoesNotContain(small.Model.Nodes, n => n.Layer is Generator.Model.BatchNorm);
        Assert.Equal(0, Error(job, small), 1e-5);
    }

    [Fact]
    public void SharedValuesTakeFewerBytes()
    {
        CompressionJob job = Job(network => network, (MethodCatalog.Values, 16));

        ImportedNetwork shared = MethodCatalog.Find("share").Apply(job);

        long bytes(ImportedNetwork network) => CompactWeights.Bytes(CompactWeights.Of(network)["first.weight"]);
        Assert.Equal(16, shared.Weights["first.weight"].Data.Distinct().Count());
        Assert.True(bytes(shared) < 0.5 * bytes(job.Network));
        Assert.InRange(Error(job, shared), 1e-6, 0.1);
    }

    [Fact]
    public void TapsThatAreSmallInAllFiltersBecomeSharedZeros()
    {
        CompressionJob job = Job(network => Change(network, (first, _) =>
        {
            for (int i = 0; i < first.Length; i++)
                if (i % Taps is 2 or 3 or 11) first[i] *= 1e-3f;
        }), (MethodCatalog.Threshold, 0.01));

        ImportedNetwork small = SparsityNotes.Add(MethodCatalog.Find("structured").Apply(job));

        Assert.Contains("Sparse(0.8334, Shared = true)", small.ClassSource(), StringComparison.Ordinal);
        Assert.Equal(15 * Channels, small.Weights["first.weight"].Data.Count(w => w != 0));
        Assert.InRange(Error(job, small), 1e-9, 1e-2);
    }

    [Fact]
    public void ASeedDrawsTheSameNeuronsAgain()
    {
        float[] weights(int? seed) => MethodCatalog.Find("divnet").Apply(Job(n => n, [(MethodCatalog.Density, 0.25), .. seed is { } s ? ((string, double)[])[(MethodCatalog.Seed, s)] : []])).Weights["first.weight"].Data;

        Assert.Equal(weights(1), weights(1));
        Assert.NotEqual(weights(1), weights(2));
        Assert.NotEqual(weights(1), weights(null));
    }

    [Fact]
    public void AChannelThatIsAlwaysOffGoesWithoutATrace()
    {
        CompressionJob job = Job(network => Change(network, (_, bias) => bias[5] = -100), (MethodCatalog.Deviations, 2));

        ImportedNetwork small = MethodCatalog.Find("apoz").Apply(job);

        Assert.Equal(Channels - 1, small.Model.Nodes.Single(n => n.Name == "first").Shape[1]);
        Assert.Equal(0, Error(job, small), 1e-6);
    }

    [Fact]
    public void FittedFiltersErrLessThanThoseOfLargestWeights()
    {
        CompressionJob job = Job(network => network, (MethodCatalog.Density, 0.3));

        Assert.True(Error(job, MethodCatalog.Find("energy").Apply(job)) < Error(job, MethodCatalog.Find("magnitude").Apply(job)));
    }

    [Fact]
    public void NumbersThatAreNoneOfTheMethodsAreRefused()
    {
        Assert.Throws<CommandException>(() => MethodCatalog.Find("lookup").Apply(Job(n => n, (MethodCatalog.Dictionary, 2), (MethodCatalog.Terms, 3))));
        Assert.Throws<CommandException>(() => MethodCatalog.Find("lookup").Apply(Job(n => n, (MethodCatalog.Dictionary, 2.5), (MethodCatalog.Terms, 1))));
        foreach (string method in (string[])["decompose", "merge", "divnet", "energy"])
            Assert.Throws<CommandException>(() => MethodCatalog.Find(method).Apply(Job(n => n, (MethodCatalog.Density, 1.5), (MethodCatalog.Bases, 2))));
    }

    private static CompressionJob Job(Func<ImportedNetwork, ImportedNetwork> change, params (string Option, double Value)[] options) =>
        Job(change(SmallModels.Chain(Channels).Import()), options);

    private static CompressionJob Job(ImportedNetwork network, params (string Option, double Value)[] options)
    {
        Random random = new(5);
        ReadOnlyMemory<float>[][] samples = [.. Enumerable.Range(0, 40).Select(_ => (ReadOnlyMemory<float>[])[Enumerable.Range(0, 2 * Pixels).Select(_ => (2 * random.NextSingle()) - 1).ToArray()])];
        int[] layers = [.. Enumerable.Range(0, network.Model.Nodes.Count).Where(i => network.Model.Nodes[i].Layer is Generator.Model.WeightedLayer)];
        return new CompressionJob(network, layers, samples, TargetIsa.Portable, options.ToDictionary(o => o.Option, o => o.Value));
    }

    private string Samples(CompressionJob job)
    {
        for (int i = 0; i < job.Samples.Count; i++) _folder.Write(Path.Combine("samples", $"{i:D2}.npy"), [1, 2, 5, 5], job.Samples[i][0].ToArray());
        return _folder.At("samples");
    }

    private static ImportedNetwork Change(ImportedNetwork network, Action<float[], float[]> change) =>
        Change(network, tensor => change(tensor("first.weight"), tensor("first.bias")));

    private static ImportedNetwork Change(ImportedNetwork network, Action<Func<string, float[]>> change)
    {
        Dictionary<string, (int[] Shape, float[] Data)> weights = network.Weights.ToDictionary(w => w.Key, w => (w.Value.Shape, (float[])w.Value.Data.Clone()));
        change(name => weights[name].Data);
        return network with { Weights = weights };
    }

    private static double Error(CompressionJob job, ImportedNetwork other) => ValueErrors.Of(job.Network, other, job.Samples, TargetIsa.Portable).Outputs;
}
