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
