namespace CnnCodegen.Reference;

/// <summary>Convolution over any number of spatial dimensions, and its transpose.</summary>
public static class Convolution
{
    /// <summary>
    /// <c>y[n,k,o] = bias[k] + sum over c, u of weight[k,c,u] * x[n, g * C/G + c, o * stride + u * dilation - pad]</c>,
    /// g being the group of k. Pixels outside the input take no part. (Cross-correlation: the kernel is not flipped.)
    /// </summary>
    /// <param name="x">N x C x spatial.</param>
    /// <param name="weight">K x C/G x kernel.</param>
    /// <param name="bias">K, or null for none.</param>
    /// <param name="window">Strides, dilations and pads.</param>
    /// <param name="groups">G.</param>
    /// <returns>N x K x output sizes.</returns>
    public static ReferenceTensor Convolve(ReferenceTensor x, ReferenceTensor weight, ReferenceTensor? bias, SlidingWindow window, int groups = 1)
    {
        int channels = weight.Shape[1], filters = weight.Shape[0];
        Check(x, weight, window, x.Shape[1] == channels * groups && filters % groups == 0);
        int[] input = x.Shape[2..], output = window.OutputSizes(input);
        ReferenceTensor y = ReferenceTensor.Zeros([x.Shape[0], filters, .. output]);
        int filtersPerGroup = filters / groups, plane = x.Plane, outPlane = y.Plane, pixel = 0;
        foreach (int[] o in ReferenceTensor.Indices(output))
        {
            (int Kernel, int Input)[] taps = window.Taps(o, input);
            for (int n = 0; n < x.Shape[0]; n++)
            {
                for (int g = 0; g < groups; g++)
                {
                    // The pixels under the window, and where a filter has the weights that they meet.
                    double[] pixels = [.. AllChannels((n * groups) + g, plane, taps.Select(tap => tap.Input)).Select(i => x.Data[i])];
                    int[] meets = [.. AllChannels(0, window.Size, taps.Select(tap => tap.Kernel))];
                    for (int k = g * filtersPerGroup; k < (g + 1) * filtersPerGroup; k++)
                        y.Data[(((n * filters) + k) * outPlane) + pixel] = (bias?.Data[k] ?? 0) + Dot(k, meets, pixels);
                }
            }

            pixel++;
        }

        return y;

        IEnumerable<int> AllChannels(int group, int stride, IEnumerable<int> offsets) =>
            Enumerable.Range(group * channels, channels).SelectMany(_ => offsets, (c, offset) => (c * stride) + offset);

        double Dot(int k, int[] meets, double[] pixels)
        {
            double sum = 0;
            int first = k * channels * window.Size;
            double[] weights = weight.Data;
            for (int i = 0; i < pixels.Length; i++) sum += weights[first + meets[i]] * pixels[i];
            return sum;
        }
    }

    /// <summary>
    /// The adjoint of <see cref="Convolve"/> with the same weight, plus a bias: every <c>x[n,c,o] * weight[c,k,u]</c> is added to
    /// <c>y[n, g * K/G + k, o * stride + u * dilation - pad]</c>, g being the group of c; what falls outside is dropped.
    /// Output sizes are <c>stride * (in - 1) + outputPadding + dilation * (kernel - 1) + 1 - PadsBegin - PadsEnd</c>.
    /// </summary>
    /// <param name="x">N x C x spatial.</param>
    /// <param name="weight">C x K/G x kernel.</param>
    /// <param name="bias">K, or null for none.</param>
    /// <param name="window">Strides, dilations and pads.</param>
    /// <param name="outputPadding">One per spatial dimension.</param>
    /// <param name="groups">G.</param>
    /// <returns>N x K x output sizes.</returns>
    public static ReferenceTensor Transpose(ReferenceTensor x, ReferenceTensor weight, ReferenceTensor? bias, SlidingWindow window, int[] outputPadding, int groups = 1)
    {
        int channels = x.Shape[1], filters = weight.Shape[1];
        Check(x, weight, window, channels == weight.Shape[0] && channels % groups == 0);
        int[] input = x.Shape[2..], output = new int[window.Rank];
        for (int i = 0; i < output.Length; i++)
            output[i] = (window.Strides[i] * (input[i] - 1)) + outputPadding[i] + (window.Dilations[i] * (window.Kernel[i] - 1)) + 1 - window.PadsBegin[i] - window.PadsEnd[i];

        int outChannels = filters * groups;
        ReferenceTensor y = ReferenceTensor.Generate([x.Shape[0], outChannels, .. output], i => bias?.Data[i[1]] ?? 0);
        (double[] sums, double[] weights) = (y.Data, weight.Data);
        int plane = x.Plane, size = window.Size, outPlane = y.Plane, pixel = 0;
        foreach (int[] o in ReferenceTensor.Indices(input))
        {
            (int Kernel, int Target)[] taps = window.Taps(o, output);
            for (int n = 0; n < x.Shape[0]; n++)
            {
                for (int c = 0; c < channels; c++)
                {
                    int firstFilter = (n * outChannels) + (c / (channels / groups) * filters);
                    double value = x.Data[(((n * channels) + c) * plane) + pixel];
                    for (int k = 0; k < filters; k++)
                        foreach ((int kernel, int target) in taps)
                            sums[((firstFilter + k) * outPlane) + target] += value * weights[(((c * filters) + k) * size) + kernel];
                }
            }

            pixel++;
        }

        return y;
    }

    private static void Check(ReferenceTensor x, ReferenceTensor weight, SlidingWindow window, bool channelsFit)
    {
        if (!channelsFit || x.Rank != window.Rank + 2 || !weight.Shape.AsSpan(2).SequenceEqual(window.Kernel))
            throw new ArgumentException($"an input of {ReferenceTensor.Text(x.Shape)}, a weight of {ReferenceTensor.Text(weight.Shape)}, a kernel of {ReferenceTensor.Text(window.Kernel)} and the number of groups do not fit together");
    }
}
