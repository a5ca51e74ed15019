namespace CnnCodegen;

/// <summary>
/// Fully connected layer, N x C to N x K; an input of higher rank is flattened behind the batch first.
/// Weights: <c>NAME.weight</c> K x C, <c>NAME.bias</c> K.
/// <code>[Linear("fc", 10), Softmax]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="outFeatures">K.</param>
public sealed class LinearAttribute(string name, int outFeatures) : LayerAttribute(name)
{
    /// <summary>K.</summary>
    public int OutFeatures { get; } = outFeatures;

    /// <summary>Whether a bias is added. True by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The algorithm; by default the one that the compiler estimates, or <c>cnncodegen tune</c> measured, to be the fastest.</summary>
    public ConvAlgorithm Algorithm { get; set; }
}

/// <summary>The product of two values: matrices in the last two dimensions, the others broadcast (NumPy matmul).</summary>
/// <param name="name">The layer's name.</param>
/// <param name="a">The first value, ... x M x K.</param>
/// <param name="b">The second value, ... x K x N.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MatMulAttribute(string name, string a, string b) : Attribute
{
    /// <summary>The layer's name.</summary>
    public string Name { get; } = name;

    /// <summary>The first value.</summary>
    public string A { get; } = a;

    /// <summary>The second value.</summary>
    public string B { get; } = b;
}
