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
}

/// <summary>
/// The weights of each output channel are codes from -128 to 127 times a scale (Jacob et al. 2018, "Quantization and Training of Neural
/// Networks for Efficient Integer-Arithmetic-Only Inference"): behind a <see cref="QuantizeAttribute"/> the layer computes in integers, exactly.
/// Weights: those of the layer, as floats, and <c>NAME.weight_scale</c>, one scale for each output channel; a file with a weight that is
/// no such multiple is refused when it is loaded.
/// <code>[Quantize(0.05f), Conv("conv1", 64, Kernel = 3, Padding = 1), Int8, Quantize(0.02f)]</code>
/// </summary>
public sealed class Int8Attribute : RefinementAttribute;
