namespace CnnCodegen.Compression.Tests;

public sealed class HiddenLayerTests
{
    [Fact]
    public void Kept_neurons_take_their_weights_along()
    {
        HiddenLayer layer = new([1, 2, 3, 4, 5, 6], [7, 8, 9], [10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25], [30, 31]);

        HiddenLayer kept = layer.Keep([0, 2]);

        Assert.Equal((3, 2, 2, 2), (layer.Neurons, layer.FanIn, layer.NextNeurons, layer.Taps));
        Assert.Equal([1f, 2, 5, 6], kept.Incoming);
        Assert.Equal([7f, 9], kept.Bias);
        Assert.Equal([10f, 11, 14, 15, 20, 21, 24, 25], kept.Outgoing);
        Assert.Equal([30f, 31], kept.NextBias);
    }

    [Fact]
    public void Spread_neurons_are_back_at_their_places_and_the_others_dead()
    {
        HiddenLayer layer = new([1, 2, 3, 4, 5, 6], [7, 8, 9], [10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25], [30, 31]);

        HiddenLayer spread = layer.Keep([0, 2]).Spread([0, 2], 3);

        Assert.Equal([1f, 2, 0, 0, 5, 6], spread.Incoming);
        Assert.Equal([7f, 0, 9], spread.Bias);
        Assert.Equal([10f, 11, 0, 0, 14, 15, 20, 21, 0, 0, 24, 25], spread.Outgoing);
        Assert.Equal([30f, 31], spread.NextBias);
        Assert.Throws<ArgumentException>(() => layer.Spread([0, 1], 3));
        Assert.Throws<ArgumentException>(() => layer.Spread([0, 1, 3], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Spread([0, 1], 2));
    }
}
