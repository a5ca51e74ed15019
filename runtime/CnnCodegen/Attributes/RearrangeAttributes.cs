namespace CnnCodegen;

/// <summary>The order in which <see cref="DepthToSpaceAttribute"/> reads the channels.</summary>
public enum DepthToSpaceMode
{
    /// <summary>Blocks vary faster than channels: PyTorch's pixel shuffle.</summary>
    ColumnRowDepth,

    /// <summary>Channels vary faster than blocks: TensorFlow's order.</summary>
    DepthColumnRow,
}

/// <summary>Interleaves the channels of groups (ShuffleNet). N x C x H x W.</summary>
public sealed class ChannelShuffleAttribute : LayerAttribute
{
    /// <summary>A layer without a name.</summary>
    /// <param name="groups">Their number; must divide C.</param>
    public ChannelShuffleAttribute(int groups)
        : base(null) => Groups = groups;

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="groups">Their number; must divide C.</param>
    public ChannelShuffleAttribute(string name, int groups)
        : base(name) => Groups = groups;

    /// <summary>The number of groups.</summary>
    public int Groups { get; }
}

/// <summary>Moves channels into space (pixel shuffle): N x C x H x W to N x C/b² x H*b x W*b.</summary>
public sealed class DepthToSpaceAttribute : LayerAttribute
{
    /// <summary>A layer without a name.</summary>
    /// <param name="block">b; its square must divide C.</param>
    public DepthToSpaceAttribute(int block)
        : base(null) => Block = block;

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="block">b; its square must divide C.</param>
    public DepthToSpaceAttribute(string name, int block)
        : base(name) => Block = block;

    /// <summary>b.</summary>
    public int Block { get; }

    /// <summary><see cref="DepthToSpaceMode.ColumnRowDepth"/> by default.</summary>
    public DepthToSpaceMode Mode { get; set; }
}

/// <summary>Moves space into channels: N x C x H x W to N x C*b² x H/b x W/b.</summary>
public sealed class SpaceToDepthAttribute : LayerAttribute
{
    /// <summary>A layer without a name.</summary>
    /// <param name="block">b; must divide H and W.</param>
    public SpaceToDepthAttribute(int block)
        : base(null) => Block = block;

    /// <summary>A named layer.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="block">b; must divide H and W.</param>
    public SpaceToDepthAttribute(string name, int block)
        : base(name) => Block = block;

    /// <summary>b.</summary>
    public int Block { get; }
}
