namespace CnnCodegen.Compression.Tests;

public sealed class StructuredSparsityTests
{
    // 2 filters x 2 channels x 2 taps.
    private static readonly float[] _weights = [3, 4, 0.1f, 0.1f, 1, 1, 0.1f, 0.3f];

    [Fact]
    public void Filters_go_by_their_root_mean_square()
    {
        Assert.Equal([3, 4, 0.1f, 0.1f, 0, 0, 0, 0], StructuredSparsity.Filters(_weights, 2, 0.8));
        Assert.Equal(_weights, StructuredSparsity.Filters(_weights, 2, 0.7));
    }

    [Fact]
    public void Channels_go_over_all_filters() => Assert.Equal([3, 4, 0, 0, 1, 1, 0, 0], StructuredSparsity.Channels(_weights, 2, 2, 0.2));

    [Fact]
    public void Taps_go_over_all_filters() => Assert.Equal([3, 4, 0, 0.1f, 1, 1, 0, 0.3f], StructuredSparsity.Shapes(_weights, 2, 0.15));

    [Fact]
    public void A_threshold_of_zero_takes_nothing_but_zeros() => Assert.Equal(_weights, StructuredSparsity.Shapes(_weights, 2, 0));
}
