using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>A zero padding of the spatial dimensions in front of a convolution becomes the convolution's own.</summary>
internal static class FoldPadding
{
    public static NetworkModel Apply(NetworkModel model)
    {
        Node[] nodes = model.Nodes.ToArray();
        for (int i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Layer is not Conv conv || nodes[nodes[i].Inputs[0]] is not { Layer: Pad pad } padding || !IsSpatialZero(pad)) continue;
            Window window = conv.Window with
            {
                PadsBegin = conv.Window.PadsBegin.Select((p, axis) => p + pad.Begin[axis + 2]).ToEquatableArray(),
                PadsEnd = conv.Window.PadsEnd.Select((p, axis) => p + pad.End[axis + 2]).ToEquatableArray(),
            };
            nodes[i] = nodes[i] with { Layer = conv with { Window = window }, Inputs = nodes[i].Inputs.With(0, padding.Inputs[0]) };
        }

        return model with { Nodes = nodes.ToEquatableArray() };
    }

    private static bool IsSpatialZero(Pad pad) =>
        pad.Mode == PadMode.Constant && pad.Value == 0
        && pad.Begin.Concat(pad.End).All(p => p >= 0)
        && pad.Begin.Take(2).Concat(pad.End.Take(2)).All(p => p == 0);
}
