namespace CnnCodegen;

/// <summary>What a layer of binarised activations sees outside the image.</summary>
public enum BinaryPadding
{
    /// <summary>0, as most networks are trained: the pixels outside take no part.</summary>
    Zero,

    /// <summary>-1.</summary>
    MinusOne,

    /// <summary>1.</summary>
    PlusOne,
}

/// <summary>
/// The layer of a binarised network (Courbariaux et al. 2016, "Binarized Neural Networks"): y = sum of w * sign(x) + bias with
/// sign(0) = 1 and the weights of each filter all alpha or -alpha (alpha = 1 in the paper). The file holds the weights as float32 of the
/// usual shape; weights of more than one magnitude in a filter are refused when it is loaded. The activations behind the layer are binarised
/// where <see cref="BinarizeAttribute"/> says so; from one such layer to the next they stay packed bits.
/// <code>[Conv("conv3", 256, Kernel = 3, Padding = 1, Bias = false), Binary, BatchNorm, Binarize]</code>
/// </summary>
public sealed class BinaryAttribute : RefinementAttribute
{
    /// <summary>The activations that the layer reads become their signs; false: they are what they are.</summary>
    public bool Inputs { get; init; } = true;

    /// <summary>The weights are of one bit; false: they are any floats.</summary>
    public bool Weights { get; init; } = true;

    /// <summary>What the padding of a convolution holds.</summary>
    public BinaryPadding PadValue { get; init; }
}

/// <summary>
/// The weights of each filter are alpha or -alpha, the activations any floats (Rastegari et al. 2016, "XNOR-Net", binary-weight networks).
/// The file holds the weights as float32 of the usual shape, or one bit for each; more than one magnitude in a filter is refused when it is loaded. In memory
/// they take one bit each with <see cref="ConvAlgorithm.SignSums"/> and <see cref="ConvAlgorithm.Depthwise"/>, and 32 or more where a faster algorithm
/// multiplies by them.
/// <code>[Conv("conv2", 64, Kernel = 3, Padding = 1), BinaryWeight, Relu]</code>
/// </summary>
public sealed class BinaryWeightAttribute : RefinementAttribute;

/// <summary>
/// The layer of an XNOR-Net (Rastegari et al. 2016): y = K * sum of w * sign(x), where the weights of each filter are alpha or -alpha and K is the
/// mean of |x| over the channels, averaged over the window with zeros outside the image; of a linear layer, the mean over the features.
/// The layer must have <c>Bias = false</c>. Its weights are those of <see cref="BinaryWeightAttribute"/>.
/// <code>[Conv("conv2", 64, Kernel = 3, Padding = 1, Bias = false), Xnor, Relu]</code>
/// </summary>
public sealed class XnorAttribute : RefinementAttribute;

/// <summary>
/// The layer of a DoReFa-Net (Zhou et al. 2016): its input becomes round(n * clip(x, 0, 1)) / n with n = 2^activationBits - 1, where 0.5, the one
/// half-way case, rounds to even. Its weights are E (2 q / m - 1) with whole q from 0 to m = 2^weightBits - 1 and one E for the layer, 1 in the
/// paper; of one bit, E or -E, one E for each filter, in the paper for the layer. The file holds these weights as float32; others are refused
/// when it is loaded. Of activations of few bits, products are computed in integers where that is estimated to be faster, or with <see cref="Accuracy.Strict"/>.
/// <code>[Conv("conv2", 64, Kernel = 3, Padding = 1), DoReFa(1, 2), BatchNorm]</code>
/// </summary>
/// <param name="weightBits">1 to 8; 32 leaves the weights as they are.</param>
/// <param name="activationBits">1 to 8; 32 leaves the activations as they are.</param>
public sealed class DoReFaAttribute(int weightBits, int activationBits) : RefinementAttribute
{
    /// <summary>Bits of a weight.</summary>
    public int WeightBits { get; } = weightBits;

    /// <summary>Bits of an activation.</summary>
    public int ActivationBits { get; } = activationBits;
}

/// <summary>
/// The layer of a bitwise network (Kim and Smaragdis 2015): y = sum of w * sign(x) + bias with sign(0) = 1 and weights of alpha, -alpha or 0, one
/// alpha for each filter. The file holds the weights as float32; other weights, and fewer zeros than promised, are refused when it is loaded.
/// <code>[Linear("fc1", 1024), Bitwise(0.5), Binarize]</code>
/// </summary>
/// <param name="zeros">The least share of the layer's weights that is 0: at least 0, below 1.</param>
public sealed class BitwiseAttribute(double zeros) : RefinementAttribute
{
    /// <summary>The least share of weights that is 0.</summary>
    public double Zeros { get; } = zeros;

    /// <summary>What the padding of a convolution holds.</summary>
    public BinaryPadding PadValue { get; init; }
}
