using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class ConvolutionTests
{
    [Fact]
    public void Kernel_is_not_flipped()
    {
        ReferenceTensor y = Convolution.Convolve(Expect.Tensor([1, 1, 3], 1, 10, 100), Expect.Tensor([1, 1, 2], 1, 2), null, SlidingWindow.Square(1, 2));
        Expect.Close(y, [1, 1, 2], [21, 210]);
    }

    [Fact]
    public void Asymmetric_padding_stride_and_dilation_in_one_dimension()
    {
        SlidingWindow window = new([2], [2], [3], [2], [1]);
        ReferenceTensor y = Convolution.Convolve(Expect.Tensor([1, 1, 5], 1, 2, 3, 4, 5), Expect.Tensor([1, 1, 2], 10, 1), Expect.Tensor([1], 0.5), window);

        // Padded: 0 0 1 2 3 4 5 0; windows at 0, 2, 4 read elements 0 and 3 behind their start.
        Expect.Close(y, [1, 1, 3], [2.5, 14.5, 30.5]);
    }

    [Fact]
    public void Groups_read_their_own_channels()
    {
        ReferenceTensor x = Expect.Tensor([1, 4, 1], 1, 2, 3, 4), w = Expect.Tensor([2, 2, 1], 1, 10, 100, 1000);
        Expect.Close(Convolution.Convolve(x, w, null, SlidingWindow.Square(1, 1), groups: 2), [1, 2, 1], [21, 4300]);
    }

    [Fact]
    public void Volume_of_ones_counts_the_pixels_under_the_kernel()
    {
        ReferenceTensor x = ReferenceTensor.Zeros(1, 1, 2, 2, 2).Map(_ => 1), w = ReferenceTensor.Zeros(1, 1, 3, 3, 3).Map(_ => 1);
        ReferenceTensor y = Convolution.Convolve(x, w, null, SlidingWindow.Square(3, 3, pad: 1));
        Expect.Close(y, [1, 1, 2, 2, 2], [8, 8, 8, 8, 8, 8, 8, 8]);
    }

    [Fact]
    public void Padding_meets_no_weight()
    {
        ReferenceTensor y = Convolution.Convolve(Expect.Tensor([1, 1, 2], 1, 2), Expect.Tensor([1, 1, 3], double.NaN, 3, 1), null, SlidingWindow.Square(1, 3, pad: 1));
        Expect.Close(y, [1, 1, 2], [5, double.NaN]);
    }

    [Fact]
    public void Transposed_convolution_scatters_and_adds()
    {
        ReferenceTensor y = Convolution.Transpose(Expect.Tensor([1, 1, 3], 1, 2, 3), Expect.Tensor([1, 1, 3], 1, 10, 100), Expect.Tensor([1], 0.5), SlidingWindow.Square(1, 3, 2), [1]);
        Expect.Close(y, [1, 1, 8], [1.5, 10.5, 102.5, 20.5, 203.5, 30.5, 300.5, 0.5]);
    }

    [Theory]
    [InlineData(1, 3, 1, 1, 0, 1, 9)]
    [InlineData(2, 3, 2, 1, 1, 2, 8)]
    [InlineData(2, 2, 3, 2, 0, 4, 11)]
    [InlineData(2, 5, 2, 2, 2, 1, 10)]
    [InlineData(3, 2, 2, 1, 1, 2, 5)]
    public void Transposed_convolution_is_the_adjoint(int rank, int kernel, int stride, int dilation, int pad, int groups, int size)
    {
        // <conv(x), y> = <x, transpose(y)>, exactly: all numbers are small integers. The last pad is one larger than the first.
        SlidingWindow window = SlidingWindow.Square(rank, kernel, stride, pad, dilation) with { PadsEnd = [.. Enumerable.Repeat(pad + 1, rank)] };
        int[] spatial = [.. Enumerable.Range(size, rank)];
        int[] outputs = window.OutputSizes(spatial);
        ReferenceTensor x = Expect.Integers(1, [2, 2 * groups, .. spatial]);
        ReferenceTensor w = Expect.Integers(2, [3 * groups, 2, .. window.Kernel]);
        ReferenceTensor y = Expect.Integers(3, [2, 3 * groups, .. outputs]);
        int[] outputPadding = [.. spatial.Select(s => (s + pad + pad + 1 - (dilation * (kernel - 1)) - 1) % stride)];

        ReferenceTensor forward = Convolution.Convolve(x, w, null, window, groups);
        ReferenceTensor backward = Convolution.Transpose(y, w, null, window, outputPadding, groups);

        Assert.Equal(y.Shape, forward.Shape);
        Assert.Equal(x.Shape, backward.Shape);
        Assert.Equal(Dot(forward, y), Dot(x, backward));
        Assert.NotEqual(0, Dot(forward, y));
    }

    [Fact]
    public void Channels_that_do_not_fit_are_reported()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Convolution.Convolve(Expect.Counting(1, 3, 4), Expect.Counting(2, 2, 1), null, SlidingWindow.Square(1, 1)));
        Assert.Contains("1x3x4", error.Message, StringComparison.Ordinal);
    }

    private static double Dot(ReferenceTensor a, ReferenceTensor b) => a.Data.Zip(b.Data, (p, q) => p * q).Sum();
}
