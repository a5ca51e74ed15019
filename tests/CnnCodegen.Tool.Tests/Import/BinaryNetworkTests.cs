using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

/// <summary>Binarised networks are recognised where no Sign can meet a 0, and nowhere else.</summary>
public class BinaryNetworkTests
{
    [Fact]
    public void Odd_sums_and_halves_are_binarised()
    {
        ImportedNetwork network = TwoLayers(0.5f, 1).Import();

        Assert.Equal(["[Conv(\"conv1\", 2, Kernel = 1), Binarize]", "[Conv(\"conv2\", 1, Kernel = 1), Binary, Binarize]"], OnnxBuilder.Lines(network)[1..]);
        Assert.StartsWith("2 Sign became Binarize, and 1 convolutions", network.Notes[0]);
        Assert.Contains("taken to read a sum of integers", Assert.Single(network.Notes.Skip(1)));
    }

    [Fact]
    public void A_convolution_of_floats_has_weights_of_one_bit_beside_binary_layers_only()
    {
        ImportedNetwork network = new OnnxBuilder(13).Input("x", 1, 3, 2, 2)
            .Floats("wa", [2, 3, 1, 1], 1, -1, 1, 1, 1, -1).Floats("ba", [2], 0.5f, 0.5f).Floats("wb", [1, 2, 1, 1], 1, -1).Floats("bb", [1], 1)
            .Node("a", "Conv", ["x", "wa", "ba"], ["a1"]).Node("Sign", ["a1"], ["a2"]).Node("b", "Conv", ["a2", "wb", "bb"], ["b1"]).Node("Sign", ["b1"], ["y"]).Output("y").Import();
        Assert.Equal("[Conv(\"conv1\", 2, Kernel = 1), BinaryWeight, Binarize]", OnnxBuilder.Lines(network)[1]);
        Assert.StartsWith("2 Sign became Binarize, and 1 convolutions and linear layers of binary activations, and 1 of floats have weights of one bit.", network.Notes[0]);

        ImportedNetwork floats = new OnnxBuilder(13).Input("x", 1, 3, 2, 2).Floats("wa", [2, 3, 1, 1], 1, -1, 1, 1, 1, -1)
            .Node("a", "Conv", ["x", "wa"], ["y"]).Output("y").Import();
        Assert.Empty(floats.Notes);
        Assert.DoesNotContain("BinaryWeight", OnnxBuilder.Lines(floats)[1]);
    }

    [Theory]
    [InlineData(0.5f, 2, "a sum of -2 makes the argument 0 in channel 0")]
    [InlineData(0.5f, 0, "a sum of 0 makes the argument 0 in channel 0")]
    [InlineData(3, 1, "a sum of -3 makes the argument 0 in channel 0")]
    public void What_can_be_zero_stays_and_is_said(float first, float second, string reason)
    {
        ImportedNetwork network = TwoLayers(first, second).Import();
        Assert.Contains("Sign", OnnxBuilder.Lines(network)[^1]);
        Assert.Contains(network.Notes, note => note.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sum_beyond_reach_is_never_zero() => Assert.Contains("Binary, Binarize]", TwoLayers(0.5f, 4).Lines()[^1]);

    [Fact]
    public void Several_magnitudes_are_floats()
    {
        string[] lines = TwoLayers(0.5f, 1, scale: 2).Lines();
        Assert.EndsWith("Binarize]", lines[1]);
        Assert.EndsWith("Kernel = 1), Sign]", lines[2]);
    }

    [Fact]
    public void Signs_are_kept_on_request()
    {
        ImportedNetwork network = TwoLayers(0.5f, 1).Import(new ImportOptions("Net") { KeepSigns = true });
        Assert.Empty(network.Notes);
        Assert.All(OnnxBuilder.Lines(network)[1..], line => Assert.EndsWith("Sign]", line));
    }

    [SharedDataTheory]
    [InlineData("bnn-cnv-w1a1-cifar10", 8)]
    public void Every_layer_behind_the_first_of_a_real_network_has_weights_of_one_bit(string name, int layers)
    {
        ImportedNetwork network = OnnxImporter.Import(OnnxModel.Read(Path.Combine(SharedData.Folder!, "models", name, "model.onnx")), new ImportOptions("Net"));
        Assert.Equal(layers, OnnxBuilder.Lines(network).Count(line => line.Contains(", Binary", StringComparison.Ordinal) && !line.Contains("BinaryWeight", StringComparison.Ordinal)));
        Assert.DoesNotContain("Sign", network.ClassSource());
    }

    /// <summary>1x1 convolutions of one input channel to two, and of two to one.</summary>
    private static OnnxBuilder TwoLayers(float firstBias, float secondBias, float scale = 1) => new OnnxBuilder(13).Input("x", 1, 1, 2, 2)
        .Floats("wa", [2, 1, 1, 1], 1, -1).Floats("ba", [2], firstBias, firstBias + 1).Floats("wb", [1, 2, 1, 1], 1, -scale).Floats("bb", [1], secondBias)
        .Node("a", "Conv", ["x", "wa", "ba"], ["a1"]).Node("Sign", ["a1"], ["a2"])
        .Node("b", "Conv", ["a2", "wb", "bb"], ["b1"]).Node("Sign", ["b1"], ["y"]).Output("y");
}
