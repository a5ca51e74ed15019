using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>Drops what no output depends on; inputs stay, since the caller passes them.</summary>
internal static class RemoveDeadNodes
{
    public static NetworkModel Apply(NetworkModel model)
    {
        bool[] live = new bool[model.Nodes.Count];
        foreach (int output in model.Outputs) live[output] = true;
        for (int i = live.Length - 1; i >= 0; i--)
        {
            live[i] |= model.Nodes[i].Layer is Input;
            if (!live[i]) continue;
            foreach (int input in model.Nodes[i].Inputs) live[input] = true;
        }

        int[] index = new int[live.Length];
        List<Node> nodes = [];
        for (int i = 0; i < live.Length; i++)
        {
            index[i] = nodes.Count;
            if (!live[i]) continue;
            Node node = model.Nodes[i];
            nodes.Add(node with { Inputs = node.Inputs.Select(input => index[input]).ToEquatableArray() });
        }

        return model with { Nodes = nodes.ToEquatableArray(), Outputs = model.Outputs.Select(o => index[o]).ToEquatableArray() };
    }
}
