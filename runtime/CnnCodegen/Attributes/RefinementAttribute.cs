namespace CnnCodegen;

/// <summary>
/// Base of the attributes that say how the weights of the layer before them are represented. A refinement stands directly behind a
/// <see cref="ConvAttribute"/>, <see cref="DepthwiseConvAttribute"/> or <see cref="LinearAttribute"/>, and a layer has at most one.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class RefinementAttribute : Attribute
{
    private protected RefinementAttribute()
    {
    }
}

/// <summary>
/// Most weights of the layer are zero (Han et al. 2015, "Learning both Weights and Connections"). The tensors are those of the layer;
/// a file with more non-zero weights than promised is refused when it is loaded.
/// <code>[Conv("conv3", 256, Kernel = 3, Padding = 1), Sparse(0.1), Relu]</code>
/// </summary>
/// <param name="density">The largest share of non-zero weights, above 0 and up to 1.</param>
public sealed class SparseAttribute(double density) : RefinementAttribute
{
    /// <summary>The largest share of non-zero weights.</summary>
    public double Density { get; } = density;

    /// <summary>
    /// The compiler may know which weights are zero, and write the products with the others as straight-line code where that is faster. The
    /// project says <c>&lt;CnnWeights Include="FILE" Unroll="true" /&gt;</c> for the file that <see cref="NetworkAttribute.Weights"/> names. Values
    /// may change without a build; a file with weights in other places is refused when it is loaded.
    /// </summary>
    public bool Unroll { get; set; }

    /// <summary>
    /// All filters are zero in the same places (Wen et al. 2016, "Learning Structured Sparsity in Deep Neural Networks", shape-wise): the density is
    /// also the largest share of the input channels' taps at which any filter has a weight. A file with weights at more of them is refused.
    /// </summary>
    public bool Shared { get; set; }
}

/// <summary>
/// The filters look their weights up in a dictionary (Bagherinezhad et al. 2017, "LCNN"): at each tap, the weights of a filter over the input
/// channels are a sum of a few words. The layer runs as a 1x1 convolution with the dictionary and a sparse convolution over its words.
/// Weights: <c>NAME.dictionary.weight</c>, Dictionary x C x 1 x 1 (Dictionary x C behind a Linear), and in place of the dense weight
/// <c>NAME.weight</c>, K x Dictionary x kernel, of which at most Terms / Dictionary are not zero; <c>NAME.bias</c> stays.
/// <code>[Conv("conv3", 256, Kernel = 3, Padding = 1), Lookup(100, 3), Relu]</code>
/// </summary>
/// <param name="dictionary">Number of words.</param>
/// <param name="terms">The most words, on average over the layer, at one tap of one filter; up to <paramref name="dictionary"/>.</param>
public sealed class LookupAttribute(int dictionary, int terms) : RefinementAttribute
{
    /// <summary>Number of words.</summary>
    public int Dictionary { get; } = dictionary;

    /// <summary>The most words at one tap of one filter.</summary>
    public int Terms { get; } = terms;
}

/// <summary>
/// The filters of a convolution are sparse combinations of spatial filters of mixed channels (Liu et al. 2015, "Sparse Convolutional Neural
/// Networks"). The layer runs as a 1x1 convolution, a depthwise convolution with several filters a channel, and a sparse 1x1 convolution.
/// Weights: <c>NAME.channels.weight</c>, C x C x 1 x 1; <c>NAME.spatial.weight</c>, C Bases x 1 x kernel, the filters of one channel behind each
/// other; and in place of the dense weight <c>NAME.weight</c>, K x C Bases x 1 x 1, of which at most Density are not zero; <c>NAME.bias</c> stays.
/// <code>[Conv("conv3", 256, Kernel = 3, Padding = 1), SparseDecomposed(4, 0.1), Relu]</code>
/// </summary>
/// <param name="bases">Spatial filters for each mixed channel.</param>
/// <param name="density">The largest share of coefficients that are not zero, above 0 and up to 1.</param>
public sealed class SparseDecomposedAttribute(int bases, double density) : RefinementAttribute
{
    /// <summary>Spatial filters for each mixed channel.</summary>
    public int Bases { get; } = bases;

    /// <summary>The largest share of coefficients that are not zero.</summary>
    public double Density { get; } = density;
}

/// <summary>
/// The weights of each output channel are codes from -128 to 127 times a scale (Jacob et al. 2018, "Quantization and Training of Neural
/// Networks for Efficient Integer-Arithmetic-Only Inference"): behind a <see cref="QuantizeAttribute"/> the layer computes in integers, exactly.
/// Weights: those of the layer, as floats, and <c>NAME.weight_scale</c>, one scale for each output channel; a file with a weight that is
/// no such multiple is refused when it is loaded.
/// <code>[Quantize(0.05f), Conv("conv1", 64, Kernel = 3, Padding = 1), Int8, Quantize(0.02f)]</code>
/// </summary>
public sealed class Int8Attribute : RefinementAttribute;
