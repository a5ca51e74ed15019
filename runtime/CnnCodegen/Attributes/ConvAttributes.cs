namespace CnnCodegen;

/// <summary>
/// Convolution of N x C x spatial to N x K x spatial. Weights: <c>NAME.weight</c> K x C/Groups x kernel, <c>NAME.bias</c> K.
/// <code>[Conv("conv1", 64, Kernel = 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, Relu]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="outChannels">K, the number of filters.</param>
public sealed class ConvAttribute(string name, int outChannels) : WindowAttribute(name)
{
    /// <summary>K, the number of filters.</summary>
    public int OutChannels { get; } = outChannels;

    /// <summary>Channel groups that do not see each other; must divide C and K. 1 by default.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added. True by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The algorithm; by default the one that the compiler estimates, or <c>cnncodegen tune</c> measured, to be the fastest.</summary>
    public ConvAlgorithm Algorithm { get; set; }
}

/// <summary>
/// Convolution that filters each channel on its own: N x C x spatial to N x C*Multiplier x spatial.
/// Weights: <c>NAME.weight</c> C*Multiplier x 1 x kernel, <c>NAME.bias</c> C*Multiplier.
/// <code>[DepthwiseConv("dw1", Kernel = 3, Padding = 1), Relu6, Conv("pw1", 64, Kernel = 1), Relu6]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
public sealed class DepthwiseConvAttribute(string name) : WindowAttribute(name)
{
    /// <summary>Filters for each channel. 1 by default.</summary>
    public int Multiplier { get; set; } = 1;

    /// <summary>Whether a bias is added. True by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The algorithm; by default the one that the compiler estimates, or <c>cnncodegen tune</c> measured, to be the fastest.</summary>
    public ConvAlgorithm Algorithm { get; set; }
}

/// <summary>
/// Transposed convolution. A spatial dimension of n pixels becomes
/// stride * (n - 1) + output padding + dilation * (kernel - 1) + 1 - padding on both sides.
/// Weights: <c>NAME.weight</c> C x K/Groups x kernel, <c>NAME.bias</c> K.
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="outChannels">K, the channels of the result.</param>
public sealed class ConvTransposeAttribute(string name, int outChannels) : WindowAttribute(name)
{
    /// <summary>K, the channels of the result.</summary>
    public int OutChannels { get; } = outChannels;

    /// <summary>Channel groups that do not see each other; must divide C and K. 1 by default.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added. True by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>Pixels added at the end of every spatial dimension. 0 by default.</summary>
    public int OutputPadding { get; set; }

    /// <summary>One output padding for each spatial dimension; replaces <see cref="OutputPadding"/>.</summary>
    public int[]? OutputPaddings { get; set; }
}
