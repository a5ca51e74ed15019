namespace CnnCodegen.Generator.Model;

/// <summary>
/// Which values of a network are known to be -1 or 1, or multiples of a scale: kernels may keep them as bits or codes and lose nothing.
/// </summary>
internal static class Grids
{
    /// <summary>For each value the activation whose results it holds; null where it may be any float.</summary>
    public static IReadOnlyList<Activation?> Of(NetworkModel model)
    {
        Activation?[] grids = new Activation?[model.Nodes.Count];
        for (int i = 0; i < grids.Length; i++)
        {
            Node node = model.Nodes[i];
            Activation? last = node.Epilogue.Activation ?? node.Layer as Activation;
            if (last is { IsGrid: true }) grids[i] = last;
            else if (node.Epilogue.IsEmpty && Moves(node.Layer) && node.Inputs.Select(input => grids[input]).Distinct().Count() == 1) grids[i] = grids[node.Inputs[0]];
        }

        return grids;
    }

    /// <summary>Every element of the result is an element of an operand.</summary>
    private static bool Moves(Layer layer) => layer
        is Reshape or Transpose or Slice or Concat or ChannelShuffle or DepthToSpace or SpaceToDepth or Identity
        or Pool { Function: PoolKind.Max } or GlobalPool { Function: PoolKind.Max } or Resize { Mode: ResizeMode.Nearest };
}
