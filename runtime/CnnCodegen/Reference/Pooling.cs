namespace CnnCodegen.Reference;

/// <summary>Pooling over any number of spatial dimensions.</summary>
public static class Pooling
{
    /// <summary>The maximum of the input pixels under each window; NaN if one of them is. A window without a pixel gives negative infinity.</summary>
    /// <param name="x">N x C x spatial.</param>
    /// <param name="window">Kernel, strides, dilations and pads.</param>
    /// <param name="ceil">Rounds the output sizes up (<see cref="SlidingWindow.OutputSizes"/>).</param>
    public static ReferenceTensor Max(ReferenceTensor x, SlidingWindow window, bool ceil = false) =>
        Pool(x, window, ceil, (pixels, _) => pixels.Aggregate(double.NegativeInfinity, Math.Max));

    /// <summary>
    /// The sum of the input pixels under each window, divided by their number or, with <paramref name="countIncludePad"/>, by the number of
    /// pixels inside the padded input. Pixels behind the padded input, where <paramref name="ceil"/> lets a window reach, never count.
    /// </summary>
    /// <param name="x">N x C x spatial.</param>
    /// <param name="window">Kernel, strides, dilations and pads.</param>
    /// <param name="ceil">Rounds the output sizes up (<see cref="SlidingWindow.OutputSizes"/>).</param>
    /// <param name="countIncludePad">Padding counts as pixels of value 0.</param>
    public static ReferenceTensor Average(ReferenceTensor x, SlidingWindow window, bool ceil = false, bool countIncludePad = false) =>
        Pool(x, window, ceil, (pixels, padded) => pixels.Sum() / (countIncludePad ? padded : pixels.Length));

    /// <summary>The maximum of each plane; spatial dimensions become 1.</summary>
    public static ReferenceTensor GlobalMax(ReferenceTensor x) => Max(x, WholePlane(x));

    /// <summary>The mean of each plane; spatial dimensions become 1.</summary>
    public static ReferenceTensor GlobalAverage(ReferenceTensor x) => Average(x, WholePlane(x));

    private static SlidingWindow WholePlane(ReferenceTensor x) =>
        SlidingWindow.Square(x.Rank - 2, 1) with { Kernel = x.Shape[2..] };

    private static ReferenceTensor Pool(ReferenceTensor x, SlidingWindow window, bool ceil, Func<double[], int, double> pool)
    {
        if (x.Rank != window.Rank + 2)
            throw new ArgumentException($"a window of {window.Rank} dimensions does not slide over {ReferenceTensor.Text(x.Shape)}", nameof(window));
        int[] input = x.Shape[2..], output = window.OutputSizes(input, ceil);
        ReferenceTensor y = ReferenceTensor.Zeros([x.Shape[0], x.Shape[1], .. output]);
        int planes = x.Shape[0] * x.Shape[1], inPlane = x.Plane, outPlane = y.Plane, pixel = 0;
        foreach (int[] o in ReferenceTensor.Indices(output))
        {
            (int Kernel, int Input)[] taps = window.Taps(o, input);
            int padded = window.PaddedTaps(o, input);
            double[] pixels = new double[taps.Length];
            for (int plane = 0; plane < planes; plane++)
            {
                for (int t = 0; t < pixels.Length; t++) pixels[t] = x.Data[(plane * inPlane) + taps[t].Input];
                y.Data[(plane * outPlane) + pixel] = pool(pixels, padded);
            }

            pixel++;
        }

        return y;
    }
}
