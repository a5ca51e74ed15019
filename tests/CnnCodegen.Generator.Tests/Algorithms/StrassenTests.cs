using CnnCodegen.Generator.Algorithms.Strassen;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>Which layers Strassen's algorithm takes, and into how many bands it cuts them.</summary>
public class StrassenTests
{
    [Theory]
    [InlineData(1024, 14, 256, 1, 1, true)]
    [InlineData(128, 28, 512, 1, 1, true)]
    [InlineData(256, 28, 256, 3, 2, false)] // Winograd's filtering saves more
    [InlineData(64, 56, 256, 1, 1, false)] // reading and adding up the results takes what is saved
    [InlineData(256, 56, 64, 1, 1, false)] // the sums of the input do
    [InlineData(64, 8, 64, 1, 1, false)]
    public void Taken_where_both_sides_have_many_channels(int inChannels, int side, int outChannels, int kernel, int stride, bool taken) =>
        Assert.Equal(taken, Plan(inChannels, side, outChannels, kernel, stride, Model.Accuracy.Default).Steps.Any(s => s.Kernel is StrassenPlan));

    [Fact]
    public void Not_taken_where_accuracy_is_strict() =>
        Assert.DoesNotContain(Plan(1024, 14, 256, 1, 1, Model.Accuracy.Strict).Steps, s => s.Kernel is StrassenPlan);

    [Theory]
    [InlineData(256, 14, 256, 1)]
    [InlineData(256, 28, 256, 4)]
    [InlineData(256, 56, 256, 16)]
    [InlineData(576, 14, 96, 2)] // three tiles of half the channels are no equal shares for two threads
    public void Large_planes_and_odd_numbers_of_tiles_are_cut_into_bands(int inChannels, int side, int outChannels, int bands)
    {
        NetworkPlan plan = Plan(inChannels, side, outChannels, 1, 1, Model.Accuracy.Default);
        StrassenPlan products = Assert.Single(plan.Steps.Select(s => s.Kernel).OfType<StrassenPlan>());

        Assert.Equal(bands, products.Product.Bands.Count);
        Assert.Equal(bands * products.Tiles, products.Units);
        Assert.Equal(0, products.Units % 2);
    }

    [Fact]
    public void Sums_are_formed_once_by_a_kernel_of_their_own()
    {
        NetworkPlan plan = Plan(576, 14, 96, 1, 1, Model.Accuracy.Default);
        StepPlan sums = Assert.Single(plan.Steps, s => s.Kernel is StrassenSumsPlan), products = Assert.Single(plan.Steps, s => s.Kernel is StrassenPlan);

        Assert.Equal(576 / 2 / 8, sums.Kernel.Units);
        Assert.Equal(sums.Output, products.Third);
        Assert.Equal(sums.Input, products.Input);
    }

    [Theory]
    [InlineData(24, 8, 32, "halves of 24 to 32 channels are not whole vectors of 8")]
    [InlineData(32, 7, 32, "7 rows of outputs have no halves")]
    public void Refusal_says_why(int inChannels, int side, int outChannels, string reason)
    {
        NetworkPlan plan = Plan(inChannels, side, outChannels, 1, 1, Model.Accuracy.Default, Model.ConvAlgorithm.Strassen);

        Assert.Equal($"strassen cannot be used: {reason}", Assert.Single(plan.Refusals).Message);
    }

    private static NetworkPlan Plan(int inChannels, int side, int outChannels, int kernel, int stride, Model.Accuracy accuracy, Model.ConvAlgorithm pin = Model.ConvAlgorithm.Auto)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, inChannels, side, side)));
        builder.Add("c", new Conv(outChannels, Window.Square(2, kernel, stride, kernel / 2)) { Algorithm = pin }, x);
        return NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")) with { Accuracy = accuracy }, Isa.Avx2);
    }
}
