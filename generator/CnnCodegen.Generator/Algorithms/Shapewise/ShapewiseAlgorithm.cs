using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Shapewise;

/// <summary>Convolutions whose filters are all zero in the same places: direct convolution over a list of the taps that are left.</summary>
internal sealed class ShapewiseAlgorithm : IAlgorithm
{
    public const string Id = "shapewise";

    /// <summary>Instructions for each vector of results besides its multiply-adds, and what the list costs a tap.</summary>
    private const double ResultInstructions = 4, TapInstructions = 2;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Refinement: Model.Sparse { Shared: true } } or Conv { Algorithm: ConvAlgorithm.Shapewise };

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (conv.Refinement is not Model.Sparse { Shared: true } sparse) return Algorithms.Claim.Decline("nothing says that filters are zero in the same places; put Sparse(density, Shared = true) behind the layer");
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (conv.Groups > 1) return Algorithms.Claim.Decline("groups have filters of different channels");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);

        List<Need> needs = [new(Form.Blocked, PlaneWindow.Borders(conv.Window, x, layer.Node.Shape))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        int places = sparse.SharedLimit((long)x[1] * PlaneWindow.Of(conv.Window).Taps);
        return new Claimed(
            FormattableString.Invariant($"all filters have their weights at the same {places} taps of all channels at most"), needs, Form.Blocked, InPlace: false,
            (views, output) => [ShapewisePlanner.Plan(layer, conv, places, views, output)])
        {
            Cost = Estimate(ShapewisePlanner.Geometry(layer, conv, places, needs.All(n => n.Border.IsEmpty))),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new ShapewiseEmitter((ShapewisePlan)plan, writer).Emit();

    private static Cost Estimate(ShapewisePlan plan)
    {
        double rows = (double)plan.Images * plan.Tiles * plan.OutH;
        double multiplyAdds = plan.Columns.Pieces.Sum(piece => piece.Count * ((piece.Size * plan.Vectors) + TapInstructions)) * (double)plan.Places;
        return new Cost(rows * multiplyAdds, rows * plan.OutW * plan.Vectors * ResultInstructions, plan.WeightBytes);
    }
}
