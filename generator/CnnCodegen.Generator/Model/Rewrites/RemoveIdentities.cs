using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>Dropout, identity and everything that turns out to change nothing: readers read what it read.</summary>
internal static class RemoveIdentities
{
    public static NetworkModel Apply(NetworkModel model)
    {
        int[] same = Enumerable.Range(0, model.Nodes.Count).ToArray();
        Node[] nodes = model.Nodes.ToArray();
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = nodes[i] with { Inputs = nodes[i].Inputs.Select(input => same[input]).ToEquatableArray() };
            if (IsIdentity(nodes[i].Layer, nodes[i], model)) same[i] = nodes[i].Inputs[0];
        }

        return model with { Nodes = nodes.ToEquatableArray(), Outputs = model.Outputs.Select(o => same[o]).ToEquatableArray() };
    }

    private static bool IsIdentity(Layer layer, Node node, NetworkModel model) => layer switch
    {
        Identity => true,
        Reshape => node.Shape == model.Nodes[node.Inputs[0]].Shape,
        Concat { Count: 1 } => true,
        Transpose transpose => transpose.Perm.Select((p, i) => p == i).All(same => same),
        Pad pad => pad.Begin.Concat(pad.End).All(p => p == 0),
        Slice slice => node.Shape == model.Nodes[node.Inputs[0]].Shape && slice.Steps.All(s => s == 1),
        Activation { Function: ActivationKind.Affine, Alpha: 1, Beta: 0 } => true,
        _ => false,
    };
}
