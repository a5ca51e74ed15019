using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Layers of which most weights are zero: every geometry, rows without weights, and densities from a single weight to all of them.</summary>
internal static class SparseCases
{
    private static readonly Window Same = Window((3, 3), pads: (1, 1, 1, 1));

    public static IEnumerable<Case> All =>
    [
        // Planes around the widths of vectors and the heights of tiles, blocks of input channels, channels without a weight.
        Conv("Sparse3x3_C16_9x7", 0.2, new Conv(16, Same), 1, 16, 9, 7),
        Conv("Sparse3x3_C37_14x14", 0.1, new Conv(35, Same), 1, 37, 14, 14),
        Conv("Sparse3x3_C70_Blocks_7x7_Batch2", 0.05, new Conv(19, Same), 2, 70, 7, 7),
        Conv("Sparse3x3_C5_17x33", 0.3, new Conv(6, Same, Bias: false), 1, 5, 17, 33),
        Conv("Sparse3x3_C40_16x16", 0.1, new Conv(8, Same), 1, 40, 16, 16),
        Conv("Sparse3x3_C9_4x4", 0.4, new Conv(7, Same), 3, 9, 4, 4),
        Conv("Sparse3x3_C9_5x2", 0.4, new Conv(7, Same), 2, 9, 5, 2),
        Conv("Sparse3x3_OnePixelIn", 0.5, new Conv(16, Same), 1, 16, 1, 1),
        Conv("Sparse3x3_OnePixelOut", 0.5, new Conv(5, Window((3, 3))), 2, 7, 3, 3),
        Conv("Sparse3x3_WideRow", 0.25, new Conv(8, Same), 1, 8, 2, 131),
        Conv("Sparse3x3_Column", 0.25, new Conv(8, Same), 1, 8, 37, 1),
        Conv("Sparse3x3_Parts", 0.02, new Conv(261, Same), 1, 8, 7, 6),

        Conv("SparseDensity1", 1, new Conv(13, Same), 1, 11, 8, 9),
        Conv("SparseSingleWeight", 1e-6, new Conv(13, Same), 1, 11, 8, 9),
        Conv("SparseFewWeights", 0.005, new Conv(24, Same), 1, 32, 9, 8),

        // Kernels, strides, dilations, pads.
        Conv("Sparse1x1_7x7", 0.1, new Conv(37, Window((1, 1))), 1, 64, 7, 7),
        Conv("Sparse1x1_14x15_Batch2", 0.1, new Conv(16, Window((1, 1))), 2, 150, 14, 15),
        Conv("Sparse1x1_OnePixel", 0.3, new Conv(32, Window((1, 1))), 1, 37, 1, 1),
        Conv("Sparse1x1_Stride2", 0.3, new Conv(8, Window((1, 1), (2, 2))), 1, 19, 17, 21),
        Conv("Sparse3x3_Stride2", 0.2, new Conv(13, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 9, 28, 29),
        Conv("Sparse3x3_Stride3x1", 0.2, new Conv(13, Window((3, 3), (3, 1), (1, 1, 1, 1))), 1, 8, 31, 16),
        Conv("Sparse5x5_Stride1x2", 0.2, new Conv(9, Window((5, 5), (1, 2), (2, 2, 2, 2))), 2, 5, 9, 25),
        Conv("Sparse7x7_Stride2", 0.1, new Conv(16, Window((7, 7), (2, 2), (3, 3, 3, 3))), 1, 3, 17, 35),
        Conv("Sparse11x11_Stride4", 0.1, new Conv(8, Window((11, 11), (4, 4))), 1, 3, 43, 47),
        Conv("Sparse5x5_Dilation3", 0.2, new Conv(8, Window((5, 5), pads: (6, 6, 6, 6), dilation: (3, 3))), 1, 6, 17, 14),
        Conv("SparseDilation2x3_Stride2", 0.3, new Conv(8, Window((3, 2), (2, 2), (1, 2, 3, 0), (2, 3))), 1, 13, 11, 12),
        Conv("SparseAsymmetricPads", 0.3, new Conv(19, Window((3, 3), pads: (0, 1, 2, 0))), 1, 16, 8, 9),
        Conv("SparseKernelIsPlane", 0.1, new Conv(37, Window((5, 4))), 1, 13, 5, 4),
        Conv("SparseRowKernel1x7", 0.2, new Conv(13, Window((1, 7), pads: (0, 3, 0, 3))), 1, 16, 5, 19),
        Conv("SparseColumnKernel7x1", 0.2, new Conv(13, Window((7, 1), pads: (3, 0, 3, 0))), 1, 16, 9, 4),
        Conv("SparseGroups2", 0.2, new Conv(26, Same, Groups: 2), 2, 34, 9, 10),
        Conv("SparseGroups3_1x1", 0.2, new Conv(21, Window((1, 1)), Groups: 3), 1, 15, 5, 7),
        Conv("SparseDepthwise", 0.5, new Conv(16, Same, Groups: 16), 1, 16, 5, 7),
        Conv("SparseDepthwise7x7", 0.2, new Conv(9, Window((7, 7), pads: (3, 3, 3, 3)), Groups: 9), 2, 9, 17, 19),
        Conv("SparseDepthwise31x31", 0.05, new Conv(3, Window((31, 31), pads: (15, 15, 15, 15)), Groups: 3), 1, 3, 33, 16),
        Conv("SparseDepthwise5x3_Dilation2x3", 0.3, new Conv(10, Window((5, 3), pads: (4, 3, 2, 5), dilation: (2, 3)), Groups: 5), 1, 5, 15, 20),
        Conv("SparseDepthwise1x1_Multiplier16", 0.4, new Conv(48, Window((1, 1)), Groups: 3), 1, 3, 3, 17),
        Conv("SparseDepthwise_Stride2", 0.5, new Conv(6, Window((5, 5), (2, 2), (2, 2, 2, 2)), Groups: 6), 1, 6, 19, 37),
        Conv("SparseDepthwise_ShortRows", 0.5, new Conv(6, Same, Groups: 6), 1, 6, 20, 7),
        Conv("SparseDepthwise1D", 0.3, new Conv(6, Generator.Model.Window.Square(1, 9, 1, 4), Groups: 6), 2, 6, 37),
        Conv("Sparse1D", 0.3, new Conv(9, Generator.Model.Window.Square(1, 5, 1, 2)), 2, 6, 37),
        Conv("Sparse1D_Stride2", 0.3, new Conv(9, Generator.Model.Window.Square(1, 3, 2, 1)), 1, 6, 40),
        Conv("Sparse3D", 0.3, new Conv(4, Generator.Model.Window.Square(3, 3, 1, 1)), 1, 3, 4, 5, 6),
        Case.Layer("SparseReal3x3", Numbers.Reals, new Conv(24, Same) { Refinement = new Sparse(0.15) }, Of(1, 60, 9, 11)),

        Linear("SparseLinear_C1", 1, new Linear(1), 1, 1),
        Linear("SparseLinear_300_133", 0.1, new Linear(133), 1, 300),
        Linear("SparseLinear_Batch3", 0.3, new Linear(19, Bias: false), 3, 37),
        Linear("SparseLinear_FromImage", 0.2, new Linear(16), 2, 5, 3, 4),
        Linear("SparseLinear_SingleWeight", 1e-6, new Linear(10), 1, 20),
        Linear("SparseLinear_LongIndices", 0.001, new Linear(3), 1, 70_000),
        Case.Layer("SparseRealLinear", Numbers.Reals, new Linear(21) { Refinement = new Sparse(0.25) }, Of(2, 90)),

        // A chain between dense layers, with norms, residuals and activations fused into it.
        Case.Exact("SparseChain", b =>
        {
            int x = b.Relu("r0", b.Conv("stem", b.Input(1, 3, 15, 16), 16));
            int a = b.Relu("r1", b.Add("bn", new BatchNorm(0), b.Add("a", new Conv(16, Same) { Refinement = new Sparse(0.1) }, x)));
            int c = b.Relu("r2", b.Sum("sum", b.Add("c", new Conv(16, Window((1, 1))) { Refinement = new Sparse(0.2) }, a), x));
            int pool = b.Add("pool", new Pool(PoolKind.Max, Generator.Model.Window.Square(2, 2, 2)), c);
            return [a, b.Relu("r3", b.Add("fc", new Linear(11) { Refinement = new Sparse(0.05) }, pool))];
        }),
        Case.Real("SparseDepthwiseChain", b =>
        {
            int x = b.Relu("r0", b.Conv("stem", b.Input(1, 3, 15, 19), 16));
            int a = b.Relu("r1", b.Add("bn", new BatchNorm(0), b.Add("a", new Conv(16, Window((5, 5), pads: (2, 2, 2, 2)), Groups: 16) { Refinement = new Sparse(0.2) }, x)));
            int c = b.Relu("r2", b.Sum("sum", b.Add("c", new Conv(16, Same, Groups: 16) { Refinement = new Sparse(0.4) }, a), x));
            return [b.Add("tanh", new Activation(ActivationKind.Tanh), b.Add("d", new Conv(32, Same, Groups: 16) { Refinement = new Sparse(0.3) }, c))];
        }),
        Case.Real("SparseSlowActivations", b =>
        {
            int x = b.Input(1, 6, 15, 16);
            int a = b.Add("tanh", new Activation(ActivationKind.Tanh), b.Add("a", new Conv(6, Same) { Refinement = new Sparse(0.2) }, x));
            int c = b.Sum("sum", b.Add("c", new Conv(6, Same) { Refinement = new Sparse(0.2) }, a), x);
            return [b.Add("sigmoid", new Activation(ActivationKind.Sigmoid), b.Add("fc", new Linear(9) { Refinement = new Sparse(0.1) }, c))];
        }),
    ];

    private static Case Conv(string name, double density, Conv layer, params int[] input) => Layer(name, density, layer, input);

    private static Case Linear(string name, double density, Linear layer, params int[] input) => Layer(name, density, layer, input);

    private static Case Layer(string name, double density, WeightedLayer layer, int[] input) =>
        Case.Layer(name, Numbers.Integers, layer with { Refinement = new Sparse(density) }, TensorShape.Of(input));
}
