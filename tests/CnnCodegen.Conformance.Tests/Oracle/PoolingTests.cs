using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class PoolingTests
{
    private static readonly ReferenceTensor Five = Expect.Tensor([1, 1, 5], 1, 2, 3, 4, 6);

    [Fact]
    public void Ceil_mode_adds_a_clipped_window()
    {
        SlidingWindow window = SlidingWindow.Square(1, 2, 2);
        Expect.Close(Pooling.Max(Five, window), [1, 1, 2], [2, 4]);
        Expect.Close(Pooling.Max(Five, window, ceil: true), [1, 1, 3], [2, 4, 6]);
        Expect.Close(Pooling.Average(Five, window, ceil: true), [1, 1, 3], [1.5, 3.5, 6]);
    }

    [Fact]
    public void Ceil_mode_leaves_out_a_window_that_would_start_in_the_trailing_padding()
    {
        // 4 pixels and 1 of padding at both ends: windows start at -1, 2 and 5; the last sees padding only.
        ReferenceTensor x = Expect.Tensor([1, 1, 4], 1, 2, 3, 4);
        Expect.Close(Pooling.Max(x, SlidingWindow.Square(1, 2, 3, 1), ceil: true), [1, 1, 2], [1, 4]);
    }

    [Fact]
    public void Average_counts_padding_only_when_told_and_never_what_lies_behind_it()
    {
        // Padded: 0 1 2 3 4 6 0; windows of 3 at 0, 2, 4 and, rounded up with stride 2 and kernel 4, over the end.
        SlidingWindow three = SlidingWindow.Square(1, 3, 2, 1);
        Expect.Close(Pooling.Average(Five, three), [1, 1, 3], [1.5, 3, 5]);
        Expect.Close(Pooling.Average(Five, three, countIncludePad: true), [1, 1, 3], [1, 3, 10.0 / 3]);

        SlidingWindow four = SlidingWindow.Square(1, 4, 2, 1);
        Expect.Close(Pooling.Average(Five, four, ceil: true), [1, 1, 3], [2, 3.75, 5]);
        Expect.Close(Pooling.Average(Five, four, ceil: true, countIncludePad: true), [1, 1, 3], [1.5, 3.75, 10.0 / 3]);
    }

    [Fact]
    public void Dilated_window_skips_pixels()
    {
        Expect.Close(Pooling.Max(Expect.Tensor([1, 1, 5], 5, 9, 1, 2, 3), SlidingWindow.Square(1, 2, dilation: 2)), [1, 1, 3], [5, 9, 3]);
    }

    [Fact]
    public void Maximum_ignores_padding_and_keeps_NaN()
    {
        ReferenceTensor x = Expect.Tensor([1, 1, 4], -5, -7, double.NaN, -1);
        Expect.Close(Pooling.Max(x, SlidingWindow.Square(1, 2, 2, 1)), [1, 1, 3], [-5, double.NaN, -1]);
    }

    [Fact]
    public void Planes_and_volumes()
    {
        ReferenceTensor x = Expect.Counting(2, 1, 2, 2, 2);
        Expect.Close(Pooling.GlobalMax(x), [2, 1, 1, 1, 1], [8, 16]);
        Expect.Close(Pooling.GlobalAverage(x), [2, 1, 1, 1, 1], [4.5, 12.5]);
        Expect.Close(Pooling.Average(x, SlidingWindow.Square(3, 2)), [2, 1, 1, 1, 1], [4.5, 12.5]);
        Expect.Close(Pooling.Max(Expect.Counting(1, 1, 3, 3), SlidingWindow.Square(2, 2)), [1, 1, 2, 2], [5, 6, 8, 9]);
    }
}
