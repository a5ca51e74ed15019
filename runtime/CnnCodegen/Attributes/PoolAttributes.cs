namespace CnnCodegen;

/// <summary>Base of <see cref="MaxPoolAttribute"/> and <see cref="AveragePoolAttribute"/>: N x C x spatial, each channel on its own.</summary>
public abstract class PoolAttribute : WindowAttribute
{
    private protected PoolAttribute(string? name, int kernel)
        : base(name) => (Kernel, Stride) = (kernel, 0);

    /// <summary>Rounds the number of windows up instead of down, as long as a window begins inside the input. False by default.</summary>
    public bool CeilMode { get; set; }
}

/// <summary>
/// The maximum of each window; padding never wins.
/// <code>[MaxPool(2)] [MaxPool("pool1", 3, Stride = 2, Padding = 1)]</code>
/// </summary>
public sealed class MaxPoolAttribute : PoolAttribute
{
    /// <summary>A layer without a name; the window is in the options.</summary>
    public MaxPoolAttribute()
        : base(null, 0)
    {
    }

    /// <summary>A layer without a name.</summary>
    /// <param name="kernel">Size of the window in pixels; also the stride unless that is given.</param>
    public MaxPoolAttribute(int kernel)
        : base(null, kernel)
    {
    }

    /// <summary>A named layer; the window is in the options.</summary>
    /// <param name="name">The layer's name.</param>
    public MaxPoolAttribute(string name)
        : base(name, 0)
    {
    }

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="kernel">Size of the window in pixels; also the stride unless that is given.</param>
    public MaxPoolAttribute(string name, int kernel)
        : base(name, kernel)
    {
    }
}

/// <summary>The mean of each window.</summary>
public sealed class AveragePoolAttribute : PoolAttribute
{
    /// <summary>A layer without a name; the window is in the options.</summary>
    public AveragePoolAttribute()
        : base(null, 0)
    {
    }

    /// <summary>A layer without a name.</summary>
    /// <param name="kernel">Size of the window in pixels; also the stride unless that is given.</param>
    public AveragePoolAttribute(int kernel)
        : base(null, kernel)
    {
    }

    /// <summary>A named layer; the window is in the options.</summary>
    /// <param name="name">The layer's name.</param>
    public AveragePoolAttribute(string name)
        : base(name, 0)
    {
    }

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="kernel">Size of the window in pixels; also the stride unless that is given.</param>
    public AveragePoolAttribute(string name, int kernel)
        : base(name, kernel)
    {
    }

    /// <summary>Whether the padding counts as pixels in the divisor. False by default.</summary>
    public bool CountIncludePad { get; set; }
}

/// <summary>The mean of each channel's plane: N x C x spatial to N x C x 1 x 1 (one 1 for each spatial dimension).</summary>
/// <param name="name">The layer's name.</param>
public sealed class GlobalAveragePoolAttribute(string? name = null) : LayerAttribute(name);

/// <summary>The maximum of each channel's plane: N x C x spatial to N x C x 1 x 1 (one 1 for each spatial dimension).</summary>
/// <param name="name">The layer's name.</param>
public sealed class GlobalMaxPoolAttribute(string? name = null) : LayerAttribute(name);
