using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>A quantisation of values that are its codes already, such as the maxima of codes, changes nothing: readers read what it read.</summary>
internal static class RemoveRequantizations
{
    public static NetworkModel Apply(NetworkModel model)
    {
        IReadOnlyList<Activation?> grids = Grids.Of(model.Nodes);
        int[] same = Enumerable.Range(0, model.Nodes.Count).ToArray();
        Node[] nodes = model.Nodes.ToArray();
        for (int i = 0; i < nodes.Length; i++)
        {
            int read = nodes[i].Inputs.Count > 0 ? nodes[i].Inputs[0] : -1;
            nodes[i] = nodes[i] with { Inputs = nodes[i].Inputs.Select(input => same[input]).ToEquatableArray() };
            if (nodes[i] is { Layer: Activation { Function: ActivationKind.Quantize } quantize } && grids[read] is { } grid && Holds(quantize, grid)) same[i] = nodes[i].Inputs[0];
        }

        return model with { Nodes = nodes.ToEquatableArray(), Outputs = model.Outputs.Select(o => same[o]).ToEquatableArray() };
    }

    private static bool Holds(Activation quantize, Activation grid) => grid.Function == ActivationKind.Quantize
        && (grid.Alpha, grid.Beta, grid.Levels) == (quantize.Alpha, quantize.Beta, quantize.Levels) && grid.Low >= quantize.Low && grid.High <= quantize.High;
}
