using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>Convolutions and linear layers whose non-zero weights have places that are known: one after the other as straight-line code.</summary>
internal sealed class UnrolledAlgorithm : IAlgorithm
{
    public const string Id = "unrolled";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is WeightedLayer { Refinement: Model.Sparse { Unroll: true } } or WeightedLayer { Algorithm: ConvAlgorithm.Unrolled };

    public Claim Claim(LayerContext layer)
    {
        if (layer.Layer is not WeightedLayer { Refinement: Model.Sparse { Unroll: true } } weighted)
            return Algorithms.Claim.Decline("nothing says which weights are zero; put Sparse(density, Unroll = true) behind the layer");
        string tensor = layer.Node.Name + ".weight";
        if (layer.Manifest is not { } manifest)
            return Algorithms.Claim.Decline("nothing says which weights are zero; name their file in [Network(Weights = \"FILE\")], and add <CnnWeights Include=\"FILE\" Unroll=\"true\" /> to the project");
        if (manifest.NonZeros(tensor) is not { } places)
            return Algorithms.Claim.Decline($"{manifest.Weights} had no tensor '{tensor}' when {manifest.File} was written; build again with the network's weights");
        long weights = weighted.Weights(layer.InputShapes)[0].Shape.Elements;
        if (places.Count > 0 && places[places.Count - 1] >= weights)
            return Algorithms.Claim.Decline($"'{tensor}' of {manifest.Weights} has more than the layer's {weights} weights; build again with the network's weights");
        return layer.Layer is Conv conv ? ClaimConv(layer, conv, places) : ClaimLinear(layer, (Linear)layer.Layer, places);
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        if (plan is UnrolledConvPlan conv) new UnrolledConvEmitter(conv, writer).Emit();
        else new UnrolledLinearEmitter((UnrolledLinearPlan)plan, writer).Emit();
    }

    private static Claim ClaimConv(LayerContext layer, Conv conv, EquatableArray<int> places)
    {
        if (SparseConvPlanner.Refusal(layer, conv) is { } refusal) return Algorithms.Claim.Decline(refusal);
        if (conv.Groups > 1) return Algorithms.Claim.Decline("groups have code of their own; only convolutions of one group are unrolled");
        SparseForms forms = SparseForms.Of(layer, conv);
        IReadOnlyList<Need> needs = forms.Needs(layer, conv);
        if (UnrolledConvPlanner.Fastest(layer, conv, places, forms, needs[0].Border.IsEmpty) is not { } plan) return TooLarge(places);
        return new Claimed(Reason(places), needs, forms.Output, InPlace: false, (views, output) => [UnrolledConvPlanner.Plan(layer, conv, places, forms, views, output)])
        {
            Cost = UnrolledCost.Of(plan, forms.Reordered(layer)),
        };
    }

    private static Claim ClaimLinear(LayerContext layer, Linear linear, EquatableArray<int> places)
    {
        if (layer.ActivationRefusal is { } refusal) return Algorithms.Claim.Decline(refusal);
        UnrolledLinearPlan plan = UnrolledLinearPlanner.Plan(layer, linear, places);
        if (plan.Instructions > UnrollBudget.Instructions || !UnrolledLinearPlanner.FitsMethods(plan)) return TooLarge(places);
        bool residual = layer.Node.Epilogue.Residual;
        Need dense = new(Form.Dense);
        UnrolledRecipe recipe = new(ConvWeights.Of(layer.Node, linear.Bias), plan.InFeatures, plan.Channels, plan.Weights, plan.WeightBytes);
        return new Claimed(
            Reason(places), residual ? [dense, dense] : [dense], Form.Dense, InPlace: false, (_, _) => [new KernelCall(plan, 0, residual ? 1 : -1, recipe)])
        {
            Cost = UnrolledCost.Of(plan),
        };
    }

    private static string Reason(EquatableArray<int> places) => $"{places.Count} weights as straight-line code";

    private static Claim TooLarge(EquatableArray<int> places) =>
        Algorithms.Claim.Decline($"{places.Count} weights take more than {UnrollBudget.Instructions} instructions of straight-line code, or those of a filter more than a method holds; prune more of them");
}
