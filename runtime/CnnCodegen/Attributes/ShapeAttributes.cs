namespace CnnCodegen;

/// <summary>
/// Joins values along a dimension; all other dimensions must be equal.
/// <code>[Concat("fire2", "expand1", "expand3")]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The values, two or more.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute(string name, params string[] from) : Attribute
{
    /// <summary>The layer's name.</summary>
    public string Name { get; } = name;

    /// <summary>The values, two or more.</summary>
    public string[] Operands { get; } = from;

    /// <summary>The dimension; negative ones count from the end. 1 by default: channels.</summary>
    public int Axis { get; set; } = 1;
}

/// <summary>Makes a matrix: joins the dimensions before <see cref="Axis"/> and those from it on.</summary>
/// <param name="name">The layer's name.</param>
public sealed class FlattenAttribute(string? name = null) : LayerAttribute(name)
{
    /// <summary>The first dimension of the second group. 1 by default: everything behind the batch.</summary>
    public int Axis { get; set; } = 1;
}

/// <summary>The same elements in row-major order under another shape.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="dims">All dimensions, batch included; 0 copies the input's, one may be -1 and is inferred.</param>
public sealed class ReshapeAttribute(string name, params int[] dims) : LayerAttribute(name)
{
    /// <summary>All dimensions.</summary>
    public int[] Dims { get; } = dims;
}

/// <summary>Permutes the dimensions.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="perm">Dimension i of the result is dimension perm[i] of the input; none: the reverse order.</param>
public sealed class TransposeAttribute(string name, params int[] perm) : LayerAttribute(name)
{
    /// <summary>Where each dimension of the result comes from.</summary>
    public int[] Perm { get; } = perm;
}

/// <summary>
/// Elements Starts, Starts + Steps, ... before Ends. Negative positions count from the end, positions beyond it are clamped.
/// <code>[Slice("left", Starts = [0], Ends = [112], Axes = [3])]</code>
/// </summary>
/// <param name="name">The layer's name.</param>
public sealed class SliceAttribute(string name) : LayerAttribute(name)
{
    /// <summary>The first element of each sliced dimension. Required.</summary>
    public int[]? Starts { get; set; }

    /// <summary>The element behind the last one. Required.</summary>
    public int[]? Ends { get; set; }

    /// <summary>The sliced dimensions; by default the leading ones.</summary>
    public int[]? Axes { get; set; }

    /// <summary>The steps; negative ones run backwards. 1 by default.</summary>
    public int[]? Steps { get; set; }
}

/// <summary>
/// Cuts a value into parts along a dimension. The parts are called <c>NAME.0</c>, <c>NAME.1</c>, ...; the name alone is no value.
/// </summary>
/// <param name="name">The prefix of the parts' names.</param>
/// <param name="parts">Their number; without <see cref="Sizes"/> it must divide the dimension.</param>
public sealed class SplitAttribute(string name, int parts) : LayerAttribute(name)
{
    /// <summary>The number of parts.</summary>
    public int Parts { get; } = parts;

    /// <summary>The dimension; negative ones count from the end. 1 by default: channels.</summary>
    public int Axis { get; set; } = 1;

    /// <summary>The size of each part; by default all are equal.</summary>
    public int[]? Sizes { get; set; }
}

/// <summary>The mean over some dimensions.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="axes">The dimensions; negative ones count from the end; none: all.</param>
public sealed class ReduceMeanAttribute(string name, params int[] axes) : LayerAttribute(name)
{
    /// <summary>The dimensions.</summary>
    public int[] Axes { get; } = axes;

    /// <summary>Whether they stay as dimensions of size 1. True by default.</summary>
    public bool KeepDims { get; set; } = true;
}
