using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Convolutions and linear layers of which most weights are zero: only the others are stored and multiplied.</summary>
internal sealed class SparseAlgorithm : IAlgorithm
{
    public const string Id = "sparse";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is WeightedLayer { Refinement: Model.Sparse } or WeightedLayer { Algorithm: ConvAlgorithm.Sparse };

    public Claim Claim(LayerContext layer)
    {
        if (layer.Layer is not WeightedLayer { Refinement: Model.Sparse sparse })
            return Algorithms.Claim.Decline("nothing says how many weights are zero; put Sparse(density) behind the layer");
        return layer.Layer is Conv conv ? ClaimConv(layer, conv, sparse) : ClaimLinear(layer, (Linear)layer.Layer, sparse);
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        if (plan is SparseConvPlan conv) new SparseConvEmitter(conv, writer).Emit();
        else new SparseLinearEmitter((SparseLinearPlan)plan, writer).Emit();
    }

    private static Claim ClaimConv(LayerContext layer, Conv conv, Model.Sparse sparse)
    {
        TensorShape x = layer.InputShapes[0];
        if (SparseConvPlanner.Refusal(layer, conv) is { } refusal) return Algorithms.Claim.Decline(refusal);

        int entries = sparse.Limit((long)conv.OutChannels * x[1] / conv.Groups * PlaneWindow.Of(conv.Window).Taps);
        SparseForms forms = SparseForms.Of(layer, conv);
        IReadOnlyList<Need> needs = forms.Needs(layer, conv);
        return new Claimed(Reason(sparse), needs, forms.Output, InPlace: false, (views, output) => [SparseConvPlanner.Plan(layer, conv, entries, forms, views, output)])
        {
            Cost = SparseCost.Of(SparseConvPlanner.Fastest(layer, conv, entries, forms, needs[0].Border.IsEmpty), forms.Reordered(layer)),
        };
    }

    private static Claim ClaimLinear(LayerContext layer, Linear linear, Model.Sparse sparse)
    {
        SparseLinearPlan plan = SparseLinearPlanner.Plan(layer, linear, sparse);
        bool residual = layer.Node.Epilogue.Residual;
        SparseLinearRecipe recipe = new(ConvWeights.Of(layer.Node, linear.Bias), plan.OutFeatures, plan.InFeatures, plan.Entries, plan.WeightBytes);
        Need dense = new(Form.Dense);
        return new Claimed(
            Reason(sparse), residual ? [dense, dense] : [dense], Form.Dense, InPlace: false, (_, _) => [new KernelCall(plan, 0, residual ? 1 : -1, recipe)])
        {
            Cost = SparseCost.Of(plan),
        };
    }

    private static string Reason(Model.Sparse sparse) => FormattableString.Invariant($"multiplies by at most {100 * sparse.Density:G3} % of the weights");
}
