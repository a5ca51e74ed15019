namespace CnnCodegen;

/// <summary>What <see cref="PadAttribute"/> fills with.</summary>
public enum PadMode
{
    /// <summary><see cref="PadAttribute.Value"/>.</summary>
    Constant,

    /// <summary>Mirrors without repeating the edge.</summary>
    Reflect,

    /// <summary>Repeats the edge.</summary>
    Edge,
}

/// <summary>
/// Adds elements at both ends of dimensions; negative numbers cut.
/// <code>[Pad("framed", Padding = 3, Mode = PadMode.Reflect)]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
public sealed class PadAttribute(string name) : LayerAttribute(name)
{
    /// <summary>Elements before each dimension, then elements behind each, batch and channels included. It or <see cref="Padding"/> is required.</summary>
    public int[]? Pads { get; set; }

    /// <summary>Pixels on every side of the spatial dimensions.</summary>
    public int Padding { get; set; }

    /// <summary><see cref="PadMode.Constant"/> by default.</summary>
    public PadMode Mode { get; set; }

    /// <summary>The constant. 0 by default.</summary>
    public float Value { get; set; }
}
