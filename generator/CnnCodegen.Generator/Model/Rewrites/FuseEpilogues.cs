using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>
/// Moves what follows a layer into its store: a batch norm into the weights of a convolution or linear layer, then the add of a residual,
/// then an activation. A layer takes only what it alone feeds, so no value that somebody else reads disappears.
/// </summary>
internal static class FuseEpilogues
{
    public static NetworkModel Apply(NetworkModel model)
    {
        Node[] nodes = model.Nodes.ToArray();
        int[] uses = model.UseCounts();
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = 0; i < nodes.Length; i++) changed |= uses[i] > 0 && TryFuse(nodes, uses, i);
        }

        return model with { Nodes = nodes.ToEquatableArray() };
    }

    /// <summary>Replaces node <paramref name="i"/> by the layer it follows with its own work fused, if it can be.</summary>
    private static bool TryFuse(Node[] nodes, int[] uses, int i)
    {
        Node node = nodes[i];
        if (!node.Epilogue.IsEmpty) return false;
        switch (node.Layer)
        {
            case BatchNorm norm when Producer(0) is { } p && HasWeights(p.Layer) && p.Epilogue.IsEmpty:
                Replace(0, p with { Epilogue = p.Epilogue with { Norm = new FoldedNorm(node.Name, norm) } });
                return true;
            case Activation activation when Producer(0) is { } p && (HasWeights(p.Layer) || p.Layer is Binary { Function: BinaryKind.Add }) && p.Epilogue.Activation is null:
                Replace(0, p with { Epilogue = p.Epilogue with { Activation = activation } });
                return true;
            case Binary { Function: BinaryKind.Add } when nodes[node.Inputs[0]].Shape == nodes[node.Inputs[1]].Shape && node.Inputs[0] != node.Inputs[1]:
                // The later operand takes the add: the earlier one exists by then.
                int later = node.Inputs[0] > node.Inputs[1] ? 0 : 1;
                if (Producer(later) is not { } conv || !HasWeights(conv.Layer) || conv.Epilogue is not { Residual: false, Activation: null }) return false;
                Replace(later, conv with
                {
                    Inputs = [.. conv.Inputs, node.Inputs[1 - later]],
                    Epilogue = conv.Epilogue with { Residual = true },
                });
                return true;
            default:
                return false;
        }

        // The producer of an operand, if this node is its only reader.
        Node? Producer(int operand) => uses[node.Inputs[operand]] == 1 ? nodes[node.Inputs[operand]] : null;

        // The fused layer takes this node's place, where all its operands exist; the name stays that of the layer with the weights.
        void Replace(int operand, Node fused)
        {
            uses[node.Inputs[operand]] = 0;
            nodes[i] = fused;
        }
    }

    private static bool HasWeights(Layer layer) => layer is Conv or ConvTranspose or Linear;
}
