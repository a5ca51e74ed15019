using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Sparse layers next to layers of channel blocks: every geometry that transposing meets, those that remain planes, and one form on each side.</summary>
internal static class SparseBlockCases
{
    private const int Seed = 1;

    /// <summary>Layers that read and write channel blocks: the first takes a pixel away, the second none.</summary>
    private static readonly Pool Blocks = new(PoolKind.Max, Generator.Model.Window.Square(2, 2)), After = new(PoolKind.Max, Generator.Model.Window.Square(2, 1));

    private static readonly Window Same = Window((3, 3), pads: (1, 1, 1, 1));

    public static IEnumerable<Case> All =>
    [
        Between("SparseBlocks3x3_C16_9x7", 0.2, new Conv(16, Same), 1, 16, 10, 8),
        Between("SparseBlocks3x3_C37_14x14", 0.1, new Conv(35, Same), 1, 37, 15, 15),
        Between("SparseBlocks3x3_C150_7x7_Batch2", 0.05, new Conv(19, Same), 2, 150, 8, 8),
        Between("SparseBlocks3x3_C5_17x33", 0.3, new Conv(6, Same, Bias: false), 1, 5, 18, 34),
        Between("SparseBlocks3x3_4x4", 0.4, new Conv(7, Same), 3, 9, 5, 5),
        Between("SparseBlocks3x3_NarrowRows", 0.4, new Conv(7, Same), 2, 9, 6, 4),
        Between("SparseBlocks3x3_Parts", 0.02, new Conv(261, Same), 1, 8, 8, 7),
        Between("SparseBlocks3x3_ManySums", 0.002, new Conv(517, Same), 1, 20, 15, 9),
        Between("SparseBlocksDensity1", 1, new Conv(13, Same), 1, 11, 9, 10),
        Between("SparseBlocksSingleWeight", 1e-6, new Conv(13, Same), 1, 11, 9, 10),
        Between("SparseBlocks1x1_7x7", 0.1, new Conv(37, Window((1, 1))), 1, 64, 8, 8),
        Between("SparseBlocks1x1_14x15_Batch2", 0.1, new Conv(16, Window((1, 1))), 2, 150, 15, 16),
        Between("SparseBlocks1x1_Stride2", 0.3, new Conv(8, Window((1, 1), (2, 2))), 1, 19, 18, 22),
        Between("SparseBlocks3x3_Stride2", 0.2, new Conv(13, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 9, 29, 30),
        Between("SparseBlocks3x3_Stride3x1", 0.2, new Conv(13, Window((3, 3), (3, 1), (1, 1, 1, 1))), 1, 8, 32, 17),
        Between("SparseBlocks11x11_Stride4", 0.1, new Conv(8, Window((11, 11), (4, 4))), 1, 6, 44, 48),
        Between("SparseBlocksDilation2x3", 0.3, new Conv(8, Window((3, 2), (2, 1), (1, 2, 3, 0), (2, 3))), 1, 13, 12, 13),
        Between("SparseBlocksGroups2", 0.2, new Conv(32, Same, Groups: 2), 2, 40, 10, 11),
        Between("SparseBlocksGroups3_Planes", 0.2, new Conv(21, Same, Groups: 3), 1, 18, 6, 8),
        Case.Exact("SparseBlocksResidual", b =>
        {
            int x = b.Add("before", Blocks, b.Input(2, 19, 15, 14));
            int sum = b.Sum("sum", b.Add("y", new Conv(19, Same) { Refinement = new Sparse(0.1), Algorithm = Generator.Model.ConvAlgorithm.Sparse }, x), x);
            return [b.Add("after", After, b.Relu("relu", sum))];
        }),
        Case.Real("SparseBlocksSlowActivation", b =>
        {
            int x = b.Add("before", After, b.Input(1, 21, 10, 8));
            int y = b.Add("tanh", new Activation(ActivationKind.Tanh), b.Add("y", new Conv(21, Window((1, 1))) { Refinement = new Sparse(0.2), Algorithm = Generator.Model.ConvAlgorithm.Sparse }, x));
            return [b.Add("after", After, y)];
        }),
        Case.Exact("SparsePlanesToBlocks", b => [b.Add("after", After,
            b.Add("y", new Conv(12, Same) { Refinement = new Sparse(0.2), Algorithm = Generator.Model.ConvAlgorithm.Sparse }, b.Input(1, 10, 9, 11)))]),
        Case.Exact("SparseBlocksToPlanes", b => [b.Add("y", new Conv(12, Same) { Refinement = new Sparse(0.2), Algorithm = Generator.Model.ConvAlgorithm.Sparse },
            b.Add("before", After, b.Input(1, 10, 9, 11)))]),
        Case.Exact("UnrolledBlocks", b =>
        {
            int x = b.Add("before", Blocks, b.Input(2, 19, 11, 12));
            int a = b.Relu("relu", b.Add("a", new Conv(19, Same) { Refinement = new Sparse(0.1) { Unroll = true }, Algorithm = Generator.Model.ConvAlgorithm.Unrolled }, x));
            int pool = b.Add("pool", After, a);
            int c = b.Sum("sum", b.Add("c", new Conv(19, Window((1, 1))) { Refinement = new Sparse(0.2) { Unroll = true }, Algorithm = Generator.Model.ConvAlgorithm.Unrolled }, pool), x);
            return [b.Add("after", After, c)];
        }).WithPlaces(Seed),
    ];

    /// <summary>A convolution between two layers of channel blocks, whose input is a pixel smaller than the network's.</summary>
    private static Case Between(string name, double density, Conv layer, params int[] input) => Case.Exact(name, b =>
    {
        int x = b.Add("before", Blocks, b.Input(input));
        return [b.Add("after", After, b.Add("y", layer with { Refinement = new Sparse(density), Algorithm = Generator.Model.ConvAlgorithm.Sparse }, x))];
    });
}
