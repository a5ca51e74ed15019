namespace CnnCodegen;

/// <summary>exp(x) / sum of exp(x) over a dimension.</summary>
/// <param name="name">The layer's name.</param>
public sealed class SoftmaxAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>The dimension; negative ones count from the end. -1 by default: the last.</summary>
    public int Axis { get; set; } = -1;
}

/// <summary>The logarithm of <see cref="SoftmaxAttribute"/>.</summary>
/// <param name="name">The layer's name.</param>
public sealed class LogSoftmaxAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>The dimension; negative ones count from the end. -1 by default: the last.</summary>
    public int Axis { get; set; } = -1;
}
