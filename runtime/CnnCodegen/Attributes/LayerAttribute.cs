namespace CnnCodegen;

/// <summary>
/// Base of the layers. The attributes of a class, in source order, are the nodes of its graph, and a layer reads the
/// layer before it unless <see cref="From"/> says otherwise. Shapes are batch first: N, C, then the spatial dimensions.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute(string? name) => Name = name;

    /// <summary>
    /// The layer's name: unique in the network, of letters, digits, <c>_</c>, <c>.</c>, <c>-</c> and <c>/</c>. It is what
    /// <see cref="From"/> of a later layer refers to and the prefix of the layer's tensors in the weight file.
    /// </summary>
    public string? Name { get; }

    /// <summary>The name of the layer, or input, that this layer reads; by default the one before it.</summary>
    public string? From { get; set; }
}
