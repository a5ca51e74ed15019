namespace CnnCodegen.Generator.Model;

/// <summary>
/// Which values of a network are known to be -1 or 1, or multiples of a scale: kernels may keep them as bits or codes and lose nothing.
/// </summary>
internal static class Grids
{
    /// <summary>For each value the activation whose results it holds; null where it may be any float.</summary>
    public static IReadOnlyList<Activation?> Of(IReadOnlyList<Node> nodes)
    {
        Activation?[] grids = new Activation?[nodes.Count];
        for (int i = 0; i < grids.Length; i++)
        {
            Node node = nodes[i];
            Activation? last = node.Epilogue.Activation ?? node.Layer as Activation;
            if (last is { IsGrid: true }) grids[i] = last;
            else if (node.Epilogue.IsEmpty && node.Inputs.Select(input => grids[input]).Distinct().Count() == 1 && Keeps(node.Layer, grids[node.Inputs[0]])) grids[i] = grids[node.Inputs[0]];
        }

        return grids;
    }

    /// <summary>The activation gives -1 and 1 only.</summary>
    public static bool IsBinary(Activation? grid) => grid is { Function: ActivationKind.Binarize };

    /// <summary>Every element of the result is an element of an operand, or, of a padding, one that an operand could have.</summary>
    private static bool Keeps(Layer layer, Activation? grid) => (layer is Pad { Mode: PadMode.Constant, Value: 1 or -1 } && IsBinary(grid)) || layer
        is Pad { Mode: not PadMode.Constant } or Reshape or Transpose or Slice or Concat or ChannelShuffle or DepthToSpace or SpaceToDepth or Identity
        or Pool { Function: PoolKind.Max } or GlobalPool { Function: PoolKind.Max } or Resize { Mode: ResizeMode.Nearest };
}
