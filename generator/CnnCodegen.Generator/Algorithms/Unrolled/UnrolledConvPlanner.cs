using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>Chooses the tile of an unrolled convolution and puts its weights in order.</summary>
internal static class UnrolledConvPlanner
{
    /// <summary>The plan with the lowest estimate: large tiles load a weight less often, small ones have less code. Null if none is within the budget.</summary>
    public static UnrolledConvPlan? Fastest(LayerContext layer, Conv conv, EquatableArray<int> places, SparseForms forms, bool unbordered) => Enumerable.Range(1, PixelTile.MaxSums)
        .Select(sums => SparseConvPlanner.Geometry(layer, conv, places.Count, forms, unbordered, sums))
        .GroupBy(loops => loops.Pixels.Sums)
        .Select(same => Unroll(same.First().InOnePart(), PlaneWindow.Of(conv.Window).Taps, places))
        .Where(plan => plan.Instructions <= UnrollBudget.Instructions && plan.Methods.All(m => m.Rows.All(rows => References(plan.Loops, rows) <= UnrollBudget.References)))
        .OrderBy(plan => UnrolledCost.Of(plan, 0).Cycles)
        .FirstOrDefault();

    public static KernelCall Plan(LayerContext layer, Conv conv, EquatableArray<int> places, SparseForms forms, IReadOnlyList<TensorView> views, TensorView output)
    {
        // The claim has found one; whether planes are one long row does not change how many weights there are.
        UnrolledConvPlan fastest = Fastest(layer, conv, places, forms, SparseConvPlanner.IsUnbordered(views, output))!;
        UnrolledConvPlan plan = new(SparseConvPlanner.Place(fastest.Loops, layer, conv, views, output), fastest.Methods) { ScratchBytes = fastest.Loops.ScratchBytes };
        UnrolledRecipe recipe = new(
            ConvWeights.Of(layer.Node, conv.Bias), plan.Loops.InChannels * PlaneWindow.Of(conv.Window).Taps, Enumerable.Range(0, conv.OutChannels).ToEquatableArray(),
            plan.Methods.SelectMany(m => m.Rows).SelectMany(rows => rows.Weights).Select(w => w.Index).ToEquatableArray(), plan.WeightBytes);
        return new KernelCall(plan, 0, plan.Loops.Residual is null ? -1 : 1, recipe);
    }

    private static UnrolledConvPlan Unroll(SparseConvPlan loops, int taps, EquatableArray<int> places)
    {
        int channels = new UnrolledConvPlan(loops, []).RowsAtOnce, filter = loops.InChannels * taps;
        EquatableArray<int> offsets = loops.Patch.TapOffsets;
        ILookup<(int Block, int Channel), int> rows = places.ToLookup(i => (i % filter / taps / loops.BlockChannels, i / filter));
        List<UnrolledMethod> methods = [];
        int first = 0;
        for (int block = 0; block < loops.Blocks; block++)
        {
            List<UnrolledRows> together = [];
            for (int channel = 0; channel < loops.OutChannels; channel += channels)
            {
                int count = Math.Min(channels, loops.OutChannels - channel);
                EquatableArray<UnrolledWeight> weights = Enumerable.Range(0, count)
                    .SelectMany(row => rows[(block, channel + row)].Select((index, i) => (Order: i, Weight: new UnrolledWeight(row, Offset(index), index))))
                    .OrderBy(w => w.Order).Select(w => w.Weight).ToEquatableArray();
                together.Add(new UnrolledRows(channel, count, first, weights));
                first += weights.Count;
            }

            methods.AddRange(UnrollBudget.Methods(together, r => References(loops, r)).Select(m => new UnrolledMethod(block, m.ToEquatableArray())));
        }

        return new UnrolledConvPlan(loops, methods.ToEquatableArray());

        int Offset(int index) => (index % filter / taps % loops.BlockChannels * loops.Patch.ChannelBytes) + offsets[index % taps];
    }

    /// <summary>Variables that the text of some rows names: four for a multiply-add, two for a weight and for a pointer, and those that begin and end a sum.</summary>
    private static int References(SparseConvPlan loops, UnrolledRows rows) =>
        (rows.Weights.Count * (8 + (4 * loops.Pixels.Sums))) + (rows.Channels * loops.Pixels.Sums * 16);
}
