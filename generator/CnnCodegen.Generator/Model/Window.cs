using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>How a window pads where the options do not say so in numbers (ONNX <c>auto_pad</c>).</summary>
internal enum AutoPad
{
    /// <summary>The numbers count.</summary>
    Explicit,

    /// <summary>No padding.</summary>
    Valid,

    /// <summary>ceil(input / stride) outputs; an odd pixel goes to the end.</summary>
    SameUpper,

    /// <summary>ceil(input / stride) outputs; an odd pixel goes to the beginning.</summary>
    SameLower,
}

/// <summary>
/// A sliding window over the spatial dimensions (one entry per spatial dimension in each array):
/// what convolution, transposed convolution and pooling share.
/// </summary>
internal sealed record Window(
    EquatableArray<int> Kernel,
    EquatableArray<int> Strides,
    EquatableArray<int> Dilations,
    EquatableArray<int> PadsBegin,
    EquatableArray<int> PadsEnd,
    AutoPad AutoPad = AutoPad.Explicit,
    bool CeilMode = false)
{
    public int Rank => Kernel.Count;

    /// <summary>A square window.</summary>
    public static Window Square(int rank, int kernel, int stride = 1, int pad = 0, int dilation = 1) =>
        new(Repeat(kernel, rank), Repeat(stride, rank), Repeat(dilation, rank), Repeat(pad, rank), Repeat(pad, rank));

    public static EquatableArray<int> Repeat(int value, int count) => new(Enumerable.Repeat(value, count).ToArray());

    /// <summary>Pixels that the dilated kernel spans.</summary>
    public int Extent(int axis) => checked((Dilations[axis] * (Kernel[axis] - 1)) + 1);

    public bool HasPadding => PadsBegin.Concat(PadsEnd).Any(p => p != 0);

    /// <summary>Replaces <see cref="AutoPad"/> by the pads it stands for.</summary>
    public Window Resolve(IReadOnlyList<int> spatial)
    {
        Check(spatial.Count);
        if (AutoPad == AutoPad.Explicit) return this;
        int[] begin = new int[Rank], end = new int[Rank];
        if (AutoPad != AutoPad.Valid)
        {
            for (int i = 0; i < Rank; i++)
            {
                int outputs = (spatial[i] + Strides[i] - 1) / Strides[i];
                int total = Math.Max(0, ((outputs - 1) * Strides[i]) + Extent(i) - spatial[i]);
                begin[i] = AutoPad == AutoPad.SameLower ? (total + 1) / 2 : total / 2;
                end[i] = total - begin[i];
            }
        }

        return this with { PadsBegin = new(begin), PadsEnd = new(end), AutoPad = AutoPad.Explicit };
    }

    /// <summary>Output pixels per spatial dimension.</summary>
    /// <exception cref="ModelException">The window does not fit the padded input, or that is too large.</exception>
    public int[] OutputSpatial(TensorShape x)
    {
        int[] spatial = x.Spatial, padded = [.. spatial.Select((size, i) => size + PadsBegin[i] + PadsEnd[i])];
        TensorShape bordered = TensorShape.Of([x[0], x[1], .. padded]);
        if (bordered.BlockedElements > TensorShape.MaxBlockedElements)
            throw new ModelException($"the padded input {bordered} is larger than {TensorShape.MaxBlockedElements} elements with its channels in whole vectors; pad less");
        int[] result = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            int room = padded[i] - Extent(i);
            if (room < 0)
                throw new ModelException($"a window of {Extent(i)} pixels does not fit an input of {spatial[i]} pixels padded by {PadsBegin[i]} and {PadsEnd[i]}; pad more, or take a smaller Kernel or Dilation");
            int outputs = ((CeilMode ? room + Strides[i] - 1 : room) / Strides[i]) + 1;

            // A window that starts beyond the input and its leading padding would see nothing (as PyTorch and ONNX 20 rule it).
            if (CeilMode && (outputs - 1) * Strides[i] >= spatial[i] + PadsBegin[i]) outputs--;
            result[i] = outputs;
        }

        return result;
    }

    public string Describe()
    {
        string text = string.Join("x", Kernel);
        if (Strides.Any(s => s != 1)) text += " stride " + Join(Strides);
        if (Dilations.Any(d => d != 1)) text += " dilation " + Join(Dilations);
        if (HasPadding) text += " pad " + (PadsBegin == PadsEnd ? Join(PadsBegin) : $"{string.Join(",", PadsBegin)}..{string.Join(",", PadsEnd)}");
        return text;

        static string Join(EquatableArray<int> values) => values.Distinct().Count() == 1 ? values[0].ToString(System.Globalization.CultureInfo.InvariantCulture) : string.Join("x", values);
    }

    private void Check(int spatialRank)
    {
        if (Rank != spatialRank)
            throw new ModelException($"the window has {Rank} dimensions and the input has {spatialRank} spatial ones; give one Kernel entry per spatial dimension");
        if (new[] { Strides.Count, Dilations.Count, PadsBegin.Count, PadsEnd.Count }.Any(count => count != Rank))
            throw new ModelException($"Strides, Dilations and Pads need one entry (Pads: two) for each of the {Rank} spatial dimensions");
        Require(Kernel, "Kernel", 1);
        Require(Strides, "Stride", 1);
        Require(Dilations, "Dilation", 1);
        Require(PadsBegin, "Padding", 0);
        Require(PadsEnd, "Padding", 0);

        static void Require(EquatableArray<int> values, string name, int minimum)
        {
            foreach (int value in values)
                if (value < minimum || value > 1 << 20) throw new ModelException($"{name} is {value}; it must be between {minimum} and {1 << 20}");
        }
    }
}
