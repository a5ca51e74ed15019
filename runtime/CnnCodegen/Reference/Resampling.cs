namespace CnnCodegen.Reference;

/// <summary>Where output pixel <paramref name="output"/> lies in the input, in input pixels.</summary>
/// <param name="output">The output pixel along one dimension.</param>
/// <param name="scale">Output pixels per input pixel.</param>
/// <param name="inSize">Input pixels along the dimension.</param>
/// <param name="outSize">Output pixels along the dimension.</param>
public delegate double SourcePosition(int output, double scale, int inSize, int outSize);

/// <summary>Resizing of every dimension of a tensor (ONNX Resize).</summary>
public static class Resampling
{
    /// <summary>(o + 0.5) / scale - 0.5</summary>
    public static double HalfPixel(int output, double scale, int inSize, int outSize) => ((output + 0.5) / scale) - 0.5;

    /// <summary>As <see cref="HalfPixel"/>, and 0 where the output has one pixel.</summary>
    public static double PytorchHalfPixel(int output, double scale, int inSize, int outSize) => outSize == 1 ? 0 : HalfPixel(output, scale, inSize, outSize);

    /// <summary>o * (in - 1) / (out - 1), and 0 where the output has one pixel.</summary>
    public static double AlignCorners(int output, double scale, int inSize, int outSize) => outSize == 1 ? 0 : (double)output * (inSize - 1) / (outSize - 1);

    /// <summary>o / scale</summary>
    public static double Asymmetric(int output, double scale, int inSize, int outSize) => output / scale;

    /// <summary>The nearest pixel, halves down.</summary>
    public static double RoundPreferFloor(double position) => Math.Ceiling(position - 0.5);

    /// <summary>The nearest pixel, halves up.</summary>
    public static double RoundPreferCeil(double position) => Math.Floor(position + 0.5);

    /// <summary>
    /// <c>y[o] = x[round(position(o))]</c> in every dimension, the pixel clamped to the input.
    /// <paramref name="round"/> is <see cref="RoundPreferFloor"/>, <see cref="RoundPreferCeil"/>, <see cref="Math.Floor(double)"/> or <see cref="Math.Ceiling(double)"/>.
    /// </summary>
    public static ReferenceTensor Nearest(ReferenceTensor x, int[] sizes, double[] scales, SourcePosition position, Func<double, double> round) =>
        ReferenceTensor.Generate(sizes, o => x[[.. o.Select((pixel, axis) =>
            (int)Math.Clamp(round(position(pixel, scales[axis], x.Shape[axis], sizes[axis])), 0, x.Shape[axis] - 1))]]);

    /// <summary>
    /// Linear in every dimension that changes: the position is clamped to the input and the two pixels around it are mixed by
    /// distance, <c>y = (1 - f) * x[low] + f * x[low + 1]</c>; multi-linear over several dimensions.
    /// </summary>
    public static ReferenceTensor Linear(ReferenceTensor x, int[] sizes, double[] scales, SourcePosition position)
    {
        for (int axis = 0; axis < x.Rank; axis++)
            if (sizes[axis] != x.Shape[axis] || scales[axis] != 1) x = LinearAlong(x, axis, sizes[axis], scales[axis], position);
        return x;
    }

    private static ReferenceTensor LinearAlong(ReferenceTensor x, int axis, int size, double scale, SourcePosition position)
    {
        int inSize = x.Shape[axis];
        int[] shape = [.. x.Shape];
        shape[axis] = size;
        return ReferenceTensor.Generate(shape, o =>
        {
            double source = Math.Clamp(position(o[axis], scale, inSize, size), 0, inSize - 1);
            int[] low = [.. o], high = [.. o];
            low[axis] = (int)Math.Floor(source);
            high[axis] = Math.Min(low[axis] + 1, inSize - 1);
            double fraction = source - low[axis];
            return ((1 - fraction) * x[low]) + (fraction * x[high]);
        });
    }
}
