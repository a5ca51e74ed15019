using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>
/// A binarisation behind a max pooling moves in front of it, which is exact, since the maximum has the sign of the largest: the layer
/// before can store bits, and the pooling reads them. A binarisation of what is binary disappears, and so does a flattening
/// in front of a linear layer with weights of one bit, which flattens its input itself.
/// </summary>
internal static class BinarizeEarly
{
    public static NetworkModel Apply(NetworkModel model)
    {
        Node[] nodes = model.Nodes.ToArray();
        int[] uses = model.UseCounts();
        for (int i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Layer is not Activation { Function: ActivationKind.Binarize } binarize) continue;
            int before = nodes[i].Inputs[0];
            if (nodes[before].Layer is not (Pool { Function: PoolKind.Max } or GlobalPool { Function: PoolKind.Max }) || uses[before] > 1) continue;

            // The two change places.
            Node pool = nodes[before];
            nodes[before] = pool with { Name = nodes[i].Name, Layer = binarize, Shape = nodes[pool.Inputs[0]].Shape };
            nodes[i] = nodes[i] with { Name = pool.Name, Layer = pool.Layer };
            i = before - 1;
        }

        IReadOnlyList<Activation?> grids = Grids.Of(nodes);
        for (int i = 0; i < nodes.Length; i++)
        {
            Node node = nodes[i];
            if (node.Layer is Activation { Function: ActivationKind.Binarize } && Grids.IsBinary(grids[node.Inputs[0]])) nodes[i] = node with { Layer = new Identity() };
            if (node.Layer is not Linear { Refinement: BinaryWeight or Bitwise } || nodes[node.Inputs[0]] is not { Layer: Reshape } flat) continue;
            TensorShape image = nodes[flat.Inputs[0]].Shape;
            if (image.Rank is 3 or 4 && flat.Shape.Rank == 2 && image[0] == flat.Shape[0]) nodes[i] = node with { Inputs = node.Inputs.With(0, flat.Inputs[0]) };
        }

        return RemoveIdentities.Apply(model with { Nodes = nodes.ToEquatableArray() });
    }
}
