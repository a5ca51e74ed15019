namespace CnnCodegen.Reference;

/// <summary>
/// The window of convolution and pooling: one entry per spatial dimension in each array.
/// Output pixel <c>o</c> and kernel position <c>u</c> meet input pixel <c>o * Strides + u * Dilations - PadsBegin</c>.
/// </summary>
public sealed record SlidingWindow(int[] Kernel, int[] Strides, int[] Dilations, int[] PadsBegin, int[] PadsEnd)
{
    /// <summary>The same numbers in each of <paramref name="rank"/> spatial dimensions.</summary>
    public static SlidingWindow Square(int rank, int kernel, int stride = 1, int pad = 0, int dilation = 1)
    {
        return new SlidingWindow(Repeat(kernel), Repeat(stride), Repeat(dilation), Repeat(pad), Repeat(pad));

        int[] Repeat(int value) => [.. Enumerable.Repeat(value, rank)];
    }

    /// <summary>Number of spatial dimensions.</summary>
    public int Rank => Kernel.Length;

    /// <summary>Number of kernel positions.</summary>
    public int Size => (int)ReferenceTensor.Count(Kernel);

    /// <summary>
    /// Output pixels per dimension: <c>(in + PadsBegin + PadsEnd - Dilations * (Kernel - 1) - 1) / Strides + 1</c>, rounded down or,
    /// with <paramref name="ceil"/>, up; rounded up, a last window that would start behind the input and its leading padding is left out.
    /// </summary>
    public int[] OutputSizes(ReadOnlySpan<int> input, bool ceil = false)
    {
        int[] sizes = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            int room = input[i] + PadsBegin[i] + PadsEnd[i] - (Dilations[i] * (Kernel[i] - 1)) - 1;
            if (room < 0) throw new ArgumentException($"the window does not fit the {input[i]} padded pixels of spatial dimension {i}");
            sizes[i] = (room / Strides[i]) + 1;
            bool remainder = room % Strides[i] != 0;
            if (ceil && remainder && sizes[i] * Strides[i] < input[i] + PadsBegin[i]) sizes[i]++;
        }

        return sizes;
    }

    /// <summary>The kernel positions that meet a pixel of the input at output pixel <paramref name="output"/>, as row-major offsets.</summary>
    internal (int Kernel, int Input)[] Taps(ReadOnlySpan<int> output, ReadOnlySpan<int> input)
    {
        List<(int Kernel, int Input)> taps = [];
        int kernel = 0;
        foreach (int[] u in ReferenceTensor.Indices(Kernel))
        {
            int offset = 0;
            bool inside = true;
            for (int i = 0; i < Rank; i++)
            {
                int pixel = (output[i] * Strides[i]) + (u[i] * Dilations[i]) - PadsBegin[i];
                inside &= pixel >= 0 && pixel < input[i];
                offset = (offset * input[i]) + pixel;
            }

            if (inside) taps.Add((kernel, offset));
            kernel++;
        }

        return [.. taps];
    }

    /// <summary>The kernel positions inside the input or its padding at output pixel <paramref name="output"/>.</summary>
    internal int PaddedTaps(ReadOnlySpan<int> output, ReadOnlySpan<int> input)
    {
        int count = 1;
        for (int i = 0; i < Rank; i++)
        {
            int start = output[i] * Strides[i], limit = input[i] + PadsBegin[i] + PadsEnd[i];
            count *= Enumerable.Range(0, Kernel[i]).Count(u => start + (u * Dilations[i]) < limit);
        }

        return count;
    }
}
