namespace CnnCodegen;

/// <summary>How a window pads where the options do not say so in numbers (ONNX <c>auto_pad</c>).</summary>
public enum AutoPad
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
/// Base of the layers that slide a window over the spatial dimensions of N x C x spatial: one, two or three of them, as
/// many as the input has. An option is one number for all spatial dimensions or an array with one entry for each.
/// </summary>
public abstract class WindowAttribute : LayerAttribute
{
    private protected WindowAttribute(string? name)
        : base(name)
    {
    }

    /// <summary>Size of the window in pixels. It or <see cref="KernelShape"/> is required.</summary>
    public int Kernel { get; set; }

    /// <summary>Pixels between two windows: 1 by default; for pooling 0, which stands for the kernel.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Zeros around the input, the same on every side. 0 by default.</summary>
    public int Padding { get; set; }

    /// <summary>Pixels between two taps of the window. 1 by default: taps lie side by side.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>The window, one entry for each spatial dimension; replaces <see cref="Kernel"/>.</summary>
    public int[]? KernelShape { get; set; }

    /// <summary>One stride for each spatial dimension; replaces <see cref="Stride"/>.</summary>
    public int[]? Strides { get; set; }

    /// <summary>One dilation for each spatial dimension; replaces <see cref="Dilation"/>.</summary>
    public int[]? Dilations { get; set; }

    /// <summary>The padding before each spatial dimension, then the padding behind each; replaces <see cref="Padding"/>.</summary>
    public int[]? Pads { get; set; }

    /// <summary>A rule in place of <see cref="Padding"/>. <see cref="AutoPad.Explicit"/> by default.</summary>
    public AutoPad AutoPad { get; set; }
}
