using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

internal enum ResizeMode
{
    Nearest,

    /// <summary>Linear in each resized dimension (bilinear on images).</summary>
    Linear,
}

/// <summary>Where output pixel o comes from (ONNX <c>coordinate_transformation_mode</c>).</summary>
internal enum ResizeCoordinates
{
    /// <summary>(o + 0.5) / scale - 0.5</summary>
    HalfPixel,

    /// <summary>As <see cref="HalfPixel"/>, and 0 where the output has one pixel.</summary>
    PytorchHalfPixel,

    /// <summary>o * (in - 1) / (out - 1)</summary>
    AlignCorners,

    /// <summary>o / scale</summary>
    Asymmetric,
}

/// <summary>Which pixel a fractional position is nearest to (ONNX <c>nearest_mode</c>).</summary>
internal enum NearestRounding
{
    RoundPreferFloor,
    RoundPreferCeil,
    Floor,
    Ceil,
}

/// <summary>
/// Resamples to <paramref name="Sizes"/> (one per dimension; 0: from the scale). <paramref name="Scales"/> map positions; 0: output / input.
/// </summary>
internal sealed record Resize(
    EquatableArray<int> Sizes,
    EquatableArray<float> Scales,
    ResizeMode Mode = ResizeMode.Nearest,
    ResizeCoordinates Coordinates = ResizeCoordinates.HalfPixel,
    NearestRounding Rounding = NearestRounding.RoundPreferFloor) : Layer
{
    public override Layer Resolve(IReadOnlyList<TensorShape> inputs)
    {
        TensorShape x = inputs[0];
        if (Math.Max(Sizes.Count, Scales.Count) != x.Rank || (Sizes.Count != 0 && Scales.Count != 0 && Sizes.Count != Scales.Count))
            throw new ModelException($"sizes or scales need one entry for each of the {x.Rank} dimensions of {x}");
        int[] sizes = new int[x.Rank];
        float[] scales = new float[x.Rank];
        for (int i = 0; i < x.Rank; i++)
        {
            sizes[i] = Sizes.Count > 0 ? Sizes[i] : 0;
            scales[i] = Scales.Count > 0 ? Scales[i] : 0;
            if (sizes[i] == 0 && scales[i] == 0) throw new ModelException($"dimension {i} has neither a size nor a scale");
            if (sizes[i] == 0)
            {
                if (!(scales[i] > 0) || scales[i] > 1 << 16) throw new ModelException(FormattableString.Invariant($"scale {scales[i]} of dimension {i} must be positive and at most {1 << 16}"));
                sizes[i] = checked((int)Math.Floor((double)x[i] * scales[i]));
            }

            if (scales[i] == 0) scales[i] = (float)sizes[i] / x[i];
        }

        return this with { Sizes = new(sizes), Scales = new(scales) };
    }

    public override TensorShape InferShape(IReadOnlyList<TensorShape> inputs) => new(Sizes);

    /// <summary>The source position of output pixel <paramref name="o"/> along <paramref name="axis"/>.</summary>
    public double Source(int axis, int o, int inSize)
    {
        int outSize = Sizes[axis];

        // Exact sizes beat the rounded scale where the two agree.
        double scale = (double)outSize / inSize;
        if (Math.Abs(scale - Scales[axis]) > 1e-6 * scale) scale = Scales[axis];
        return Coordinates switch
        {
            ResizeCoordinates.HalfPixel => ((o + 0.5) / scale) - 0.5,
            ResizeCoordinates.PytorchHalfPixel => outSize > 1 ? ((o + 0.5) / scale) - 0.5 : 0,
            ResizeCoordinates.AlignCorners => outSize > 1 ? (double)o * (inSize - 1) / (outSize - 1) : 0,
            _ => o / scale,
        };
    }

    /// <summary>The source pixel that <see cref="ResizeMode.Nearest"/> copies to output pixel <paramref name="o"/>.</summary>
    public int Nearest(int axis, int o, int inSize)
    {
        double source = Source(axis, o, inSize);
        double rounded = Rounding switch
        {
            NearestRounding.RoundPreferFloor => Math.Ceiling(source - 0.5),
            NearestRounding.RoundPreferCeil => Math.Floor(source + 0.5),
            NearestRounding.Floor => Math.Floor(source),
            _ => Math.Ceiling(source),
        };
        return (int)Math.Max(0, Math.Min(inSize - 1, rounded));
    }

    /// <summary>The two source pixels that <see cref="ResizeMode.Linear"/> mixes for output pixel <paramref name="o"/>, and the weight of the second.</summary>
    public (int Low, int High, float Fraction) Linear(int axis, int o, int inSize)
    {
        double source = Math.Max(0, Math.Min(inSize - 1, Source(axis, o, inSize)));
        int low = (int)Math.Floor(source);
        return (low, Math.Min(low + 1, inSize - 1), (float)(source - low));
    }

    public override string Describe() => $"{Mode} to {new TensorShape(Sizes)}";
}
