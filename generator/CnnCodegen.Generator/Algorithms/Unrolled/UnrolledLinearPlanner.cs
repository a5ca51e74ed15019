using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>Puts the output features of an unrolled linear layer into vectors.</summary>
internal static class UnrolledLinearPlanner
{
    public static UnrolledLinearPlan Plan(LayerContext layer, Linear linear, EquatableArray<int> places)
    {
        TensorShape x = layer.InputShapes[0];
        int inFeatures = Linear.InFeatures(x);
        Epilogue epilogue = layer.Node.Epilogue;

        // Inputs come one by one: more than eight need more instructions to come together than they save.
        Isa isa = layer.Isa == Isa.Avx512 ? Isa.Avx2 : layer.Isa;
        IEnumerable<FeatureGroup> groups = Groups(places.ToLookup(i => i / inFeatures), linear.OutFeatures, isa.Lanes());
        return new UnrolledLinearPlan(
            layer.Isa, $"Linear_Unrolled_{x[0]}x{inFeatures}x{linear.OutFeatures}_N{places.Count}{epilogue.Tag()}",
            $"Unrolled sparse linear layer, {x} to {layer.Node.Shape}, {places.Count} weights that are not zero, bias added{epilogue.Summary()}.")
        {
            Images = x[0],
            InFeatures = inFeatures,
            OutFeatures = linear.OutFeatures,
            Lanes = isa.Lanes(),
            Residual = epilogue.Residual,
            Activation = epilogue.Activation,
            Methods = UnrollBudget.Methods(groups, References).Select(m => new FeatureMethod(m.ToEquatableArray())).ToEquatableArray(),
        };
    }

    /// <summary>No vector of output features alone is more than the JIT compiler optimises.</summary>
    public static bool FitsMethods(UnrolledLinearPlan plan) => plan.Groups.All(group => References(group) <= UnrollBudget.References);

    /// <summary>Features in the order of their numbers of weights, so that few lanes have none left.</summary>
    private static IEnumerable<FeatureGroup> Groups(ILookup<int, int> weights, int features, int lanes)
    {
        int[] order = [.. Enumerable.Range(0, features).OrderByDescending(k => weights[k].Count())];
        int step = 0;
        for (int first = 0; first < features; first += lanes)
        {
            int[][] rows = [.. order.Skip(first).Take(lanes).Select(k => weights[k].ToArray())];
            FeatureStep[] steps = [.. Enumerable.Range(0, rows[0].Length).Select(s => new FeatureStep(
                Enumerable.Range(0, lanes).Select(lane => lane < rows.Length && s < rows[lane].Length ? rows[lane][s] : -1).ToEquatableArray()))];
            yield return new FeatureGroup(first, step, order.Skip(first).Take(lanes).ToEquatableArray(), steps.ToEquatableArray());
            step += steps.Length;
        }
    }

    /// <summary>
    /// Variables that the text of a vector names: four for a multiply-add, and those that begin and end a sum. An input is one, in as many
    /// instructions as three usually have.
    /// </summary>
    private static int References(FeatureGroup group) => (group.Steps.Count * (4 + (3 * group.Steps.Select(s => s.Weights.Count).DefaultIfEmpty(0).Max()))) + 128;
}
