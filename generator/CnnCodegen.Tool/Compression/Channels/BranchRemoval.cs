using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Model.Rewrites;
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
        if (!model.Nodes.Any(node => Constant(node) is not null)) return network;

        NetworkBuilder builder = new();
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(network.Weights, StringComparer.Ordinal);
        int[] values = new int[model.Nodes.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Add(i);
        NetworkModel shorter = RemoveDeadNodes.Apply(builder.Build(model.Type, [.. model.Outputs.Select(o => values[o])])) with { Accuracy = model.Accuracy };
        return network with { Model = shorter, Weights = shorter.WeightTensors().ToDictionary(t => t.Name, t => weights[t.Name], StringComparer.Ordinal) };

        int Add(int i)
        {
            Node node = model.Nodes[i];
            int[] inputs = [.. node.Inputs.Select(input => values[input])];
            if (Constant(node) is not { } operand) return builder.Add(node.Name, node.Layer, inputs);
            float[] constants = [.. flow.Constants(node.Inputs[operand]).Select(c => (float)c!.Value)];
            if (!constants.AsSpan().ContainsAnyExcept(0f))
                return model.Outputs.Contains(i) ? builder.Add(node.Name, new Identity(), inputs[1 - operand]) : inputs[1 - operand];
            Parameter shift = new(new TensorShape([1, constants.Length, .. Enumerable.Repeat(1, node.Shape.Rank - 2)]));
            string name = node.Name + ".shift";
            weights[name + ".value"] = ([.. shift.Shape.Dims], constants);
            inputs[operand] = builder.Add(name, shift);
            return builder.Add(node.Name, node.Layer, inputs);
        }

        // The operand that is constant, where the other one has all of the sum's elements.
        int? Constant(Node node)
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
