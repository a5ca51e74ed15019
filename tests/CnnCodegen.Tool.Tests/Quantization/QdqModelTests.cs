using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Quantization;
using CnnCodegen.Tool.Tensors;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;
using Google.Protobuf;
using Linear = CnnCodegen.Generator.Model.Linear;

namespace CnnCodegen.Tool.Tests.Quantization;

/// <summary>A QDQ file is the network that it was written from: imported again, it has the same codes and the same results.</summary>
public sealed class QdqModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_imported_file_computes_the_same()
    {
        ImportedNetwork quantized = Quantized(Network(Branches)), imported = Imported(quantized);
        ReadOnlyMemory<float>[] sample = SampleFolder.Noise(quantized.Model)[0];

        Assert.Equal(Outputs(quantized, sample), Outputs(imported, sample));
        Assert.All(imported.Model.Nodes.Where(n => n.Layer is WeightedLayer), n => Assert.IsType<Int8>(((WeightedLayer)n.Layer).Refinement));
        using NodeRunner first = new(quantized, [.. quantized.Model.Outputs], TargetIsa.Portable), second = new(imported, [.. imported.Model.Outputs], TargetIsa.Portable);
        Assert.Equal(first.Run(sample), second.Run(sample));
    }

    /// <summary>Everything between two weighted layers is quantized, so that engines find no float sum.</summary>
    [Fact]
    public void Every_convolution_reads_and_writes_codes()
    {
        GraphProto graph = QdqModel.Of(Quantized(Network(Branches))).Graph;
        Dictionary<string, NodeProto> makers = graph.Node.ToDictionary(n => n.Output[0]);
        foreach (NodeProto node in graph.Node.Where(n => n.OpType is "Conv" or "Add" or "Concat" or "GlobalAveragePool" or "MaxPool"))
            Assert.All(node.Input, input => Assert.Equal("DequantizeLinear", makers[input].OpType));
    }

    /// <summary>A channel whose weights are next to nothing gets a coarser scale, in which its bias fits 32 bits.</summary>
    [Fact]
    public void A_bias_far_above_its_weights_is_kept()
    {
        ImportedNetwork network = Network(b => b.Add("conv1", new Conv(2, Window.Square(2, 1)), b.Add("x", new Input(TensorShape.Of(1, 1, 2, 2)))));
        network.Weight("conv1.weight")[1] = 1e-15f;
        network.Weight("conv1.bias")[1] = 3;

        ImportedNetwork imported = Imported(Quantized(network));

        Assert.Equal(3, imported.Weight(imported.Model.Nodes.Single(n => n.Layer is Conv).Name + ".bias")[1], 1e-6f);
    }

    [Fact]
    public void A_layer_that_is_not_known_is_refused_by_name()
    {
        ImportedNetwork network = Network(b =>
            b.Add("grown", new Resize([], [1, 1, 2, 2], Generator.Model.ResizeMode.Linear), b.Add("conv1", new Conv(2, Window.Square(2, 1)), b.Add("x", new Input(TensorShape.Of(1, 1, 2, 2))))));

        CommandException refusal = Assert.Throws<CommandException>(() => QdqModel.RequireForms(network.Model));

        Assert.StartsWith("grown: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--onnx", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The command's file decides as the float network.</summary>
    [SharedDataTheory]
    [InlineData("lenet5-dns-original")]
    public void The_command_writes_a_file_that_runs(string model)
    {
        string folder = Path.Combine(SharedData.Folder!, "models", model), file = _folder.At("small.onnx"), input = Path.Combine(folder, "test_data_set_0", "input_0.pb");

        Assert.Equal(0, CommandRun.Of("quantize", Path.Combine(folder, "model.onnx"), "--calibration", folder, "--onnx", file).Code);

        Assert.Equal(0, CommandRun.Of("run", file, "--input", input, "--output", _folder.At("y.npy")).Code);
        Assert.Equal(0, CommandRun.Of("run", Path.Combine(folder, "model.onnx"), "--input", input, "--output", _folder.At("x.npy")).Code);
        float[] quantized = TensorFile.Read(_folder.At("y.npy")).Floats, floats = TensorFile.Read(_folder.At("x.npy")).Floats;
        Assert.Equal(Array.IndexOf(floats, floats.Max()), Array.IndexOf(quantized, quantized.Max()));
    }

    /// <summary>A residual, two branches that are joined, pools of both kinds and a linear layer of an image.</summary>
    private static int Branches(NetworkBuilder b)
    {
        int x = b.Add("x", new Input(TensorShape.Of(1, 3, 9, 9)));
        int first = b.Add("relu1", new Activation(ActivationKind.Relu), b.Add("conv1", new Conv(16, Window.Square(2, 3, 1, 1)), x));
        int pool = b.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), first);
        int second = b.Add("relu2", new Activation(ActivationKind.Relu6), b.Add("conv2", new Conv(16, Window.Square(2, 3, 1, 1)), pool));
        int sum = b.Add("relu3", new Activation(ActivationKind.Relu), b.Add("sum", new Binary(BinaryKind.Add), second, pool));
        int both = b.Add("both", new Concat(2), sum, b.Add("conv3", new Conv(8, Window.Square(2, 1), Bias: false), pool));
        int last = b.Add("conv4", new Conv(6, Window.Square(2, 3)), both);
        int average = b.Add("average", new GlobalPool(PoolKind.Average), last);
        return b.Add("fc", new Linear(5), b.Add("joined", new Concat(2), b.Add("flat", new Flatten(), average), b.Add("head", new Linear(4), last)));
    }

    private static ImportedNetwork Network(Func<NetworkBuilder, int> build)
    {
        NetworkBuilder builder = new();
        NetworkModel model = builder.Build(new NetworkType("Tests", "Net"), build(builder));
        Random random = new(1);
        Dictionary<string, (int[], float[])> weights = model.WeightTensors().ToDictionary(
            t => t.Name, t => (t.Shape.Dims.ToArray(), Enumerable.Range(0, (int)t.Shape.Elements).Select(_ => random.NextSingle() - 0.5f).ToArray()));
        return new ImportedNetwork(model, weights, new Dictionary<string, string>(), "net.onnx");
    }

    private static ImportedNetwork Quantized(ImportedNetwork network)
    {
        int[] layers = NetworkQuantizer.FloatLayers(network.Model), values = NetworkQuantizer.AllValues(network.Model, layers);
        IReadOnlyDictionary<int, Activation> grids = Calibration.Grids(network, values, SampleFolder.Noise(network.Model), CalibrationMethod.MinMax, 1, TargetIsa.Portable);
        return NetworkQuantizer.Quantize(network, layers, grids, integerBiases: true);
    }

    private static ImportedNetwork Imported(ImportedNetwork network) => OnnxImporter.Import(OnnxModel.Parse("net.onnx", QdqModel.Of(network).ToByteArray()), new ImportOptions("Net"));

    private static double[] Outputs(ImportedNetwork network, ReadOnlyMemory<float>[] sample) =>
    [
        .. new ReferenceNetwork(network.Model, name => network.Weight(name))
            .RunOutputs([.. sample.Select((x, i) => ReferenceTensor.FromSingle(x.Span, network.Model.Nodes[network.Model.Inputs.ElementAt(i)].Shape.Dims.ToArray()))])
            .SelectMany(output => output.Data.ToArray()),
    ];
}
