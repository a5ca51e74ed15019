namespace CnnCodegen;

/// <summary>How a resized value is interpolated.</summary>
public enum ResizeMode
{
    /// <summary>Copies the nearest pixel.</summary>
    Nearest,

    /// <summary>Linear in each resized dimension (bilinear on images).</summary>
    Linear,
}

/// <summary>Where output pixel o comes from (ONNX <c>coordinate_transformation_mode</c>).</summary>
public enum ResizeCoordinates
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
public enum NearestRounding
{
    /// <summary>Half goes down.</summary>
    RoundPreferFloor,

    /// <summary>Half goes up.</summary>
    RoundPreferCeil,

    /// <summary>Always down.</summary>
    Floor,

    /// <summary>Always up.</summary>
    Ceil,
}

/// <summary>
/// Resamples to another size, given in one of four ways: <see cref="Scale"/>, <see cref="Height"/> and <see cref="Width"/>,
/// <see cref="Sizes"/>, or <see cref="Scales"/>.
/// <code>[Resize("up", Height = 64, Width = 64, Mode = ResizeMode.Linear)]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
public sealed class ResizeAttribute(string name) : LayerAttribute(name)
{
    /// <summary>The size of every dimension, batch and channels included.</summary>
    public int[]? Sizes { get; set; }

    /// <summary>The factor of every dimension, batch and channels included.</summary>
    public float[]? Scales { get; set; }

    /// <summary>The height of N x C x H x W.</summary>
    public int Height { get; set; }

    /// <summary>The width of N x C x H x W.</summary>
    public int Width { get; set; }

    /// <summary>One factor for all spatial dimensions.</summary>
    public float Scale { get; set; }

    /// <summary><see cref="ResizeMode.Nearest"/> by default.</summary>
    public ResizeMode Mode { get; set; }

    /// <summary><see cref="ResizeCoordinates.HalfPixel"/> by default.</summary>
    public ResizeCoordinates Coordinates { get; set; }

    /// <summary><see cref="NearestRounding.RoundPreferFloor"/> by default.</summary>
    public NearestRounding Rounding { get; set; }
}

/// <summary>
/// Enlarges the spatial dimensions by a whole factor, as PyTorch's <c>Upsample</c>: nearest repeats each pixel, linear
/// interpolates between pixel centres.
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="scale">The factor, at least 1.</param>
public sealed class UpsampleAttribute(string name, int scale) : LayerAttribute(name)
{
    /// <summary>The factor.</summary>
    public int Scale { get; } = scale;

    /// <summary><see cref="ResizeMode.Nearest"/> by default.</summary>
    public ResizeMode Mode { get; set; }
}
