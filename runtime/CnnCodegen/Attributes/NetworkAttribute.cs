namespace CnnCodegen;

/// <summary>
/// Makes a partial class a network: the layers that follow are compiled into its body.
/// <code>
/// [Network(Weights = "digits.safetensors")]
/// [Input("image", 1, 28, 28)]
/// [Conv("conv1", 8, Kernel = 5, Padding = 2), Relu, MaxPool(2)]
/// [Linear("fc", 10), Softmax]
/// public sealed partial class Digits;
/// </code>
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>The safetensors file that <c>Load()</c> opens; without it the weights are given at run time.</summary>
    public string? Weights { get; set; }

    /// <summary>The batch size N, fixed when the network is compiled. 1 by default.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>Which algorithms may be chosen, by the bound of their rounding error.</summary>
    public Accuracy Accuracy { get; set; }
}

/// <summary>An input of the network. Inputs come before the layers.</summary>
/// <param name="name">What later layers call it.</param>
/// <param name="dims">The dimensions behind the batch, for example 3, 224, 224 for C, H, W.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute(string name, params int[] dims) : Attribute
{
    /// <summary>What later layers call it.</summary>
    public string Name { get; } = name;

    /// <summary>The dimensions behind the batch.</summary>
    public int[] Dims { get; } = dims;

    /// <summary>Whether <see cref="NetworkAttribute.Batch"/> is put before <see cref="Dims"/>; true by default. False: they are the whole shape.</summary>
    public bool Batched { get; set; } = true;
}

/// <summary>
/// The values that <c>Run</c> returns, in order; comes after the layers. Without it the network returns its last layer.
/// <code>[Output("classes", "boxes")]</code>
/// </summary>
/// <param name="names">Names of layers; none: the last layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute(params string[] names) : Attribute
{
    /// <summary>Names of layers.</summary>
    public string[] Names { get; } = names;
}

/// <summary>
/// A constant tensor of the weight file (<c>NAME.value</c>), to be used as an operand. It reads nothing and, as any layer,
/// is what the next one reads by default.
/// <code>[Parameter("offset", 1, 64, 1, 1), Add("shifted", "conv1", "offset")]</code>
/// </summary>
/// <param name="name">What later layers call it.</param>
/// <param name="dims">All dimensions, batch included; none: a scalar.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ParameterAttribute(string name, params int[] dims) : Attribute
{
    /// <summary>What later layers call it.</summary>
    public string Name { get; } = name;

    /// <summary>All dimensions.</summary>
    public int[] Dims { get; } = dims;
}
