using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>
/// Removes layers that have a shortcut around them and are constant: whole layers of zeros, the groups along the depth of Wen et al. 2016.
/// Of a sum of two values of which one is 0 everywhere the other is left; another constant becomes a parameter of one value a channel.
/// </summary>
internal static class BranchRemoval
{
    public static ImportedNetwork Apply(ImportedNetwork network)
    {
        NetworkModel model = network.Model;
        ChannelFlow flow = new(network);
        return model.Nodes.Any(node => ConstantOperand(node) is not null) ? LayerReplacement.Apply(network, Shorten) : network;

        int? Shorten(LayerReplacement nodes, int i, int[] inputs)
        {
            Node node = model.Nodes[i];
            if (ConstantOperand(node) is not { } operand) return null;
            int other = inputs[1 - operand];
            float[] constants = [.. flow.Constants(node.Inputs[operand]).Select(c => (float)c!.Value)];
            if (!constants.AsSpan().ContainsAnyExcept(0f)) return model.Outputs.Contains(i) ? nodes.Add(node.Name, new Identity(), other) : other;
            return nodes.Add(node.Name, node.Layer, other, nodes.AddParameter(node.Name + ".shift", node.Shape.Rank, constants));
        }

        // Only where the other operand has all of the sum's elements.
        int? ConstantOperand(Node node)
        {
            if (node.Layer is not Binary { Function: BinaryKind.Add } || node.Shape.Rank < 2) return null;
            for (int operand = 0; operand < 2; operand++)
            {
                IReadOnlyList<double?> constants = flow.Constants(node.Inputs[operand]);
                if (constants.Count > 0 && constants.All(c => c is { } value && double.IsFinite(value)) && model.Nodes[node.Inputs[1 - operand]].Shape == node.Shape) return operand;
            }

            return null;
        }
    }
}
