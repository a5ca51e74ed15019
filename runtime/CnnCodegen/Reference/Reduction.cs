namespace CnnCodegen.Reference;

/// <summary>Operators that sum over dimensions.</summary>
public static class Reduction
{
    /// <summary>The mean over <paramref name="axes"/>, which become 1 or, without <paramref name="keepDims"/>, vanish.</summary>
    public static ReferenceTensor Mean(ReferenceTensor x, int[] axes, bool keepDims = true)
    {
        axes = [.. axes.Select(x.Axis)];
        ReferenceTensor mean = Fold(x, axes, 0, (sum, value) => sum + value).Map(sum => sum / axes.Aggregate(1, (count, axis) => count * x.Shape[axis]));
        return keepDims ? mean : mean.Reshape([.. x.Shape.Where((_, axis) => !axes.Contains(axis))]);
    }

    /// <summary><c>y = exp(x - m) / sum of exp(x - m)</c> over <paramref name="axis"/>, m being the maximum there (without it, exp overflows).</summary>
    public static ReferenceTensor Softmax(ReferenceTensor x, int axis)
    {
        ReferenceTensor powers = Shifted(x, axis).Map(Math.Exp);
        return Broadcasting.Apply(powers, Sum(powers, axis), (power, sum) => power / sum);
    }

    /// <summary><c>y = x - m - ln(sum of exp(x - m))</c> over <paramref name="axis"/>, m being the maximum there.</summary>
    public static ReferenceTensor LogSoftmax(ReferenceTensor x, int axis)
    {
        ReferenceTensor shifted = Shifted(x, axis);
        return Broadcasting.Apply(shifted, Sum(shifted.Map(Math.Exp), axis), (value, sum) => value - Math.Log(sum));
    }

    private static ReferenceTensor Shifted(ReferenceTensor x, int axis) =>
        Broadcasting.Apply(x, Fold(x, [x.Axis(axis)], double.NegativeInfinity, Math.Max), (value, max) => value - max);

    private static ReferenceTensor Sum(ReferenceTensor x, int axis) => Fold(x, [x.Axis(axis)], 0, (sum, value) => sum + value);

    private static ReferenceTensor Fold(ReferenceTensor x, int[] axes, double seed, Func<double, double, double> fold)
    {
        ReferenceTensor result = ReferenceTensor.Generate([.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)], _ => seed);
        foreach (int[] i in ReferenceTensor.Indices(x.Shape))
        {
            double value = x[i];
            int offset = 0;
            for (int axis = 0; axis < x.Rank; axis++) offset = (offset * result.Shape[axis]) + (axes.Contains(axis) ? 0 : i[axis]);
            result.Data[offset] = fold(result.Data[offset], value);
        }

        return result;
    }
}
