using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Compression.Channels;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Tests.Commands;

/// <summary>Networks with filters of zeros against the same networks without them.</summary>
public sealed class ChannelRemovalTests
{
    /// <summary>Attributes behind the input 3x8x8, filters that are zero, and channels of each layer that are left.</summary>
    public static TheoryData<string, string, string> Networks => new()
    {
        // A bias of a zero filter behind a rectifier: 0.5 goes on, -0.5 does not; only the unpadded layer can fold the former.
        { "[Conv(\"a\", 6, Kernel = 3), Relu]\n[Conv(\"b\", 4, Kernel = 3)]", "a:1,4", "a 4, b 4" },
        { "[Conv(\"a\", 6, Kernel = 3), Relu]\n[Conv(\"b\", 4, Kernel = 3, Padding = 1)]", "a:1,4", "a 5, b 4" },
        { "[Conv(\"a\", 6, Kernel = 3, Bias = false)]\n[Conv(\"b\", 4, Kernel = 3, Padding = 1, Bias = false)]", "a:0,5", "a 4, b 4" },
        { "[Conv(\"a\", 6, Kernel = 3), BatchNorm, Relu6]\n[Conv(\"b\", 4, Kernel = 1, Bias = false)]", "a:2,3", "a 4, b 4" },
        // Outputs keep their channels.
        { "[Conv(\"a\", 6, Kernel = 3), Relu]", "a:1,4", "a 6" },
        { "[Conv(\"a\", 6, Kernel = 3)]\n[Conv(\"b\", 4, Kernel = 1)]\n[Output(\"a\", \"b\")]", "a:1,4", "a 6, b 4" },
        // Through pools, a flattening and a depthwise layer.
        { "[Conv(\"a\", 6, Kernel = 3), Relu, MaxPool(2)]\n[Linear(\"b\", 4)]", "a:1,4", "a 4, b 4" },
        { "[Conv(\"a\", 6, Kernel = 3), Relu, AveragePool(2), Flatten]\n[Linear(\"b\", 4), Relu]\n[Linear(\"c\", 3)]", "a:1,4;b:0", "a 4, b 3, c 3" },
        { "[Conv(\"a\", 6, Kernel = 1), Relu]\n[DepthwiseConv(\"d\", Kernel = 3, Padding = 1), Relu]\n[Conv(\"b\", 4, Kernel = 1)]", "d:1,4", "a 4, d 4, b 4" },
        // A sum loses what both of its operands lack.
        { "[Conv(\"a\", 6, Kernel = 1)]\n[Conv(\"b\", 6, Kernel = 1, From = \"a\")]\n[Add(\"s\", \"a\", \"b\"), Relu]\n[Conv(\"c\", 4, Kernel = 3)]", "a:1,4;b:1,2", "a 5, b 5, s 5, c 4" },
        { "[Conv(\"a\", 6, Kernel = 1)]\n[Conv(\"b\", 3, Kernel = 1, From = \"x\")]\n[Concat(\"s\", \"a\", \"b\"), GlobalAveragePool]\n[Linear(\"c\", 4)]", "a:1,4;b:0", "a 4, b 2, s 6, c 4" },
        // A branch of zeros goes with all its layers, whichever operand of the sum it is; one that is constant otherwise leaves its constants.
        { "[Conv(\"a\", 4, Kernel = 1)]\n[Conv(\"b\", 5, Kernel = 3, Padding = 1)]\n[Conv(\"c\", 4, Kernel = 3, Padding = 1, Bias = false)]\n[Add(\"s\", \"c\", \"a\"), Relu]\n[Conv(\"d\", 2, Kernel = 3)]", "c:0,1,2,3", "a 4, d 2" },
        { "[Conv(\"a\", 4, Kernel = 1), Relu]\n[Conv(\"b\", 5, Kernel = 3, Padding = 1)]\n[Conv(\"c\", 4, Kernel = 3, Padding = 1), BatchNorm]\n[Add(\"s\", \"a\", \"c\"), Relu]\n[Conv(\"d\", 2, Kernel = 3, Padding = 1)]", "c:0,1,2,3", "a 4, s 4, d 2" },
        { "[Conv(\"a\", 4, Kernel = 1)]\n[Conv(\"c\", 4, Kernel = 1, Bias = false)]\n[Add(\"s\", \"a\", \"c\")]", "c:0,1,2,3", "a 4" },
        // One filter stays of a layer that is zero altogether, and normalisation across channels keeps all.
        { "[Conv(\"a\", 2, Kernel = 1)]\n[Conv(\"b\", 4, Kernel = 1)]", "a:0,1", "a 1, b 4" },
        { "[Conv(\"a\", 6, Kernel = 1)]\n[LocalResponseNorm(3)]\n[Conv(\"b\", 4, Kernel = 1)]", "a:1,4", "a 6, b 4" },
        { "[Conv(\"a\", 6, Kernel = 1), PRelu]\n[Conv(\"g\", 6, Kernel = 1, Groups = 2)]\n[Conv(\"b\", 4, Kernel = 1)]", "a:1;g:2", "a 6, g 6, b 4" },
        { "[Conv(\"a\", 6, Kernel = 1), PRelu]\n[Conv(\"b\", 4, Kernel = 1)]", "a:1,2", "a 4, b 4" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void TheResultStaysTheSame(string layers, string zeros, string channels)
    {
        ImportedNetwork dense = Network(layers, zeros), trimmed = ChannelRemoval.Apply(dense);

        Assert.Equal(channels, Channels(trimmed));
        SameOutputs(dense, trimmed);
        Assert.Equal(Channels(trimmed), Channels(Read(trimmed.ClassSource())));
        Assert.All(trimmed.Model.WeightTensors(), t => Assert.Equal(t.Shape.Dims, trimmed.Weights[t.Name].Shape));
    }

    [Fact]
    public void FiltersThatNothingReadsAreRemoved()
    {
        ImportedNetwork network = Network("[Conv(\"a\", 6, Kernel = 3), Relu]\n[Conv(\"b\", 4, Kernel = 3, Padding = 1)]", "");
        float[] weight = network.Weight("b.weight");
        for (int i = 0; i < weight.Length; i++)
            if (i / 9 % 6 is 2 or 3) weight[i] = 0;

        ImportedNetwork trimmed = ChannelRemoval.Apply(network);

        Assert.Equal("a 4, b 4", Channels(trimmed));
        SameOutputs(network, trimmed);
    }

    private static void SameOutputs(ImportedNetwork expected, ImportedNetwork actual)
    {
        ReferenceTensor x = ReferenceTensor.FromSingle(Noise(3 * 8 * 8, 7), 1, 3, 8, 8);
        ReferenceTensor[] before = new ReferenceNetwork(expected.Model, name => expected.Weight(name)).RunOutputs(x), after = new ReferenceNetwork(actual.Model, name => actual.Weight(name)).RunOutputs(x);
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i].Shape, after[i].Shape);
            Assert.All(before[i].Data.Zip(after[i].Data), v => Assert.Equal(v.First, v.Second, 1e-6));
        }
    }

    /// <summary>Random weights; biases 0.5 for odd filters and -0.5 for even ones.</summary>
    private static ImportedNetwork Network(string layers, string zeros)
    {
        NetworkModel model = SourceCompiler.Read("Net.cs", $"using CnnCodegen;\n[Network]\n[Input(\"x\", 3, 8, 8)]\n{layers}\npublic sealed partial class Net;\n");
        Dictionary<string, (int[], float[])> weights = model.WeightTensors().ToDictionary(
            t => t.Name,
            t => (t.Shape.Dims.ToArray(), t.Name.EndsWith(".bias", StringComparison.Ordinal) ? [.. Enumerable.Range(0, (int)t.Shape.Elements).Select(i => i % 2 - 0.5f)]
                : t.Name.EndsWith("running_var", StringComparison.Ordinal) ? Array.ConvertAll(Noise((int)t.Shape.Elements, 3), v => 1.5f + v) : Noise((int)t.Shape.Elements, t.Name.Length)));
        foreach (string layer in zeros.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            (int[] shape, float[] data) = weights[layer.Split(':')[0] + ".weight"];
            int length = data.Length / shape[0];
            foreach (string filter in layer.Split(':')[1].Split(',')) data.AsSpan(int.Parse(filter, System.Globalization.CultureInfo.InvariantCulture) * length, length).Clear();
        }
        return new ImportedNetwork(model, weights, new Dictionary<string, string>(), "Net.cs");
    }

    private static NetworkModel Read(string source) => SourceCompiler.Read("Net.cs", source);

    private static string Channels(ImportedNetwork network) => Channels(network.Model);

    private static string Channels(NetworkModel model) =>
        string.Join(", ", model.Nodes.Where(n => n.Layer is Conv or Generator.Model.Linear or Binary or Concat).Select(n => $"{n.Name} {n.Shape[1]}"));

    private static float[] Noise(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
