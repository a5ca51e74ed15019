using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Quantization;

namespace CnnCodegen.Tool.Tests.Quantization;

public class CalibrationTests
{
    [Theory]
    [InlineData(0, 2.55, 0.01, 0)]
    [InlineData(1, 2.55, 0.01, 0)]
    [InlineData(-1, 1.55, 0.01, 100)]
    [InlineData(-2.55, -1, 0.01, 255)]
    [InlineData(0, 0, 1, 0)]
    public void Range_with_zero_becomes_a_scale_and_a_zero_point(double low, double high, double scale, int zero)
    {
        Activation grid = Calibration.Grid(low, high);
        Assert.Equal(scale, grid.Alpha, 1e-7);
        Assert.Equal((zero, 0, 255), ((int)grid.Beta, grid.Low, grid.High));
        Assert.False(float.IsNegative(grid.Beta));
    }

    [Fact]
    public void Percentile_leaves_out_what_is_rare()
    {
        float[] values = [.. Enumerable.Range(0, 10_000).Select(i => i / 10_000f), 100];
        Histogram histogram = new(0, 100);
        histogram.Add(values);

        Assert.Equal((0, 100), histogram.Range(CalibrationMethod.MinMax, 0.99));
        (double low, double high) = histogram.Range(CalibrationMethod.Percentile, 0.99);
        Assert.Equal(0, low);
        Assert.InRange(high, 0.9, 1.1);
    }

    [Fact]
    public void Entropy_cuts_a_long_tail_and_keeps_an_even_distribution()
    {
        Random random = new(1);
        float[] tailed = [.. Enumerable.Range(0, 200_000).Select(_ => (float)Math.Pow(-Math.Log(1 - random.NextDouble()), 3))];
        Histogram histogram = new(0, tailed.Max());
        histogram.Add(tailed);
        Assert.InRange(histogram.Range(CalibrationMethod.Entropy, 1).High, 1, 0.9 * tailed.Max());

        Histogram even = new(0, 1);
        even.Add([.. Enumerable.Range(0, 200_000).Select(_ => random.NextSingle())]);
        Assert.InRange(even.Range(CalibrationMethod.Entropy, 1).High, 0.97, 1);
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(200_000)]
    public void Entropy_does_not_count_the_zeros_behind_a_rectifier(int count)
    {
        Random random = new(1);
        float[] positive = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() + random.NextSingle() + random.NextSingle())];
        Histogram all = new(0, 3), rectified = new(0, 3);
        all.Add(positive);
        rectified.Add([.. positive, .. new float[10 * count]]);

        Assert.Equal(all.Range(CalibrationMethod.Entropy, 1), rectified.Range(CalibrationMethod.Entropy, 1));
        Assert.InRange(rectified.Range(CalibrationMethod.Entropy, 1).High, 2, 3);
    }

    [Fact]
    public void Weights_become_the_nearest_codes_of_their_channel()
    {
        (float[] values, float[] scales) = NetworkQuantizer.Codes([12.7f, -0.16f, 0, 1, -2, 0.02f, 0, 0, 0], 3);

        Assert.Equal([12.7f / 127, 2f / 127, 1], scales);
        Assert.Equal([127 * scales[0], -2 * scales[0], 0, 64 * scales[1], -127 * scales[1], 1 * scales[1], 0, 0, 0], values);
    }
}
