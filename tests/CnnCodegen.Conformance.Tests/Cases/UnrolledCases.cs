using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Sparse layers whose zeros are known at build time: tiles of every form, several methods, blocks of input channels, rows without weights.</summary>
internal static class UnrolledCases
{
    private const int Seed = 1;

    private static readonly Window Same = Window((3, 3), pads: (1, 1, 1, 1));

    public static IEnumerable<Case> All => new[]
    {
        Layer("Unrolled3x3_C16_9x7", 0.2, new Conv(16, Same), 1, 16, 9, 7),
        Layer("Unrolled3x3_C5_17x33", 0.3, new Conv(6, Same, Bias: false), 2, 5, 17, 33),
        Layer("Unrolled3x3_Blocks_14x14", 0.02, new Conv(19, Same), 1, 70, 14, 14),
        Layer("Unrolled3x3_SmallPlane_4x4", 0.4, new Conv(7, Same), 3, 9, 4, 4),
        Layer("Unrolled3x3_SmallPlane_5x2", 0.4, new Conv(7, Same), 2, 9, 5, 2),
        Layer("Unrolled3x3_OnePixelOut", 0.5, new Conv(5, Window((3, 3))), 2, 7, 3, 3),
        Layer("Unrolled3x3_Methods", 0.3, new Conv(32, Same), 1, 16, 9, 8),
        Layer("UnrolledSingleWeight", 1e-6, new Conv(13, Same), 1, 11, 8, 9),
        Layer("UnrolledDense", 1, new Conv(5, Same), 1, 4, 8, 9),
        Layer("UnrolledParts", 0.01, new Conv(261, Same), 1, 8, 7, 6),
        Layer("Unrolled1x1_14x15", 0.1, new Conv(16, Window((1, 1))), 2, 50, 14, 15),
        Layer("Unrolled3x3_Stride2", 0.2, new Conv(13, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 9, 28, 29),
        Layer("Unrolled5x5_Dilation3", 0.2, new Conv(8, Window((5, 5), pads: (6, 6, 6, 6), dilation: (3, 3))), 1, 6, 17, 14),
        Layer("UnrolledAsymmetricPads", 0.3, new Conv(19, Window((3, 3), pads: (0, 1, 2, 0))), 1, 16, 8, 9),
        Layer("Unrolled1D", 0.3, new Conv(9, Generator.Model.Window.Square(1, 5, 1, 2)), 2, 6, 37),
        Layer("UnrolledGroups", 0.3, new Conv(8, Same, Groups: 2), 1, 6, 9, 9),
        Layer("UnrolledTooLarge", 1, new Conv(96, Same), 1, 64, 9, 9),
        Case.Layer("UnrolledReal3x3", Numbers.Reals, new Conv(24, Same) { Refinement = Sparse(0.15) }, Of(1, 30, 9, 11)),

        Layer("UnrolledLinear_C1", 1, new Linear(1), 1, 1),
        Layer("UnrolledLinear_300_133", 0.1, new Linear(133), 1, 300),
        Layer("UnrolledLinear_Batch3", 0.3, new Linear(19, Bias: false), 3, 37),
        Layer("UnrolledLinear_FromImage", 0.2, new Linear(16), 2, 5, 3, 4),
        Layer("UnrolledLinear_TooLongForAMethod", 0.3, new Linear(11), 1, 900),
        Layer("UnrolledLinear_SingleWeight", 1e-6, new Linear(10), 1, 20),
        Case.Layer("UnrolledRealLinear", Numbers.Reals, new Linear(21) { Refinement = Sparse(0.25) }, Of(2, 90)),

        // A chain between dense layers, with norms, residuals and activations fused into it.
        Case.Exact("UnrolledChain", b =>
        {
            int x = b.Relu("r0", b.Conv("stem", b.Input(1, 3, 15, 16), 16));
            int a = b.Relu("r1", b.Add("bn", new BatchNorm(0), b.Add("a", new Conv(16, Same) { Refinement = Sparse(0.1) }, x)));
            int c = b.Relu("r2", b.Sum("sum", b.Add("c", new Conv(16, Window((1, 1))) { Refinement = Sparse(0.2) }, a), x));
            int pool = b.Add("pool", new Pool(PoolKind.Max, Generator.Model.Window.Square(2, 2, 2)), c);
            int fc = b.Add("fc", new Linear(11) { Refinement = Sparse(0.05) }, pool);
            return [a, b.Relu("r3", b.Sum("twice", b.Add("fc2", new Linear(11) { Refinement = Sparse(0.3) }, fc), fc))];
        }),
        Case.Real("UnrolledSlowActivations", b =>
        {
            int x = b.Input(1, 6, 15, 16);
            int a = b.Add("tanh", new Activation(ActivationKind.Tanh), b.Add("a", new Conv(6, Same) { Refinement = Sparse(0.2) }, x));
            int c = b.Sum("sum", b.Add("c", new Conv(6, Same) { Refinement = Sparse(0.2) }, a), x);
            return [b.Add("sigmoid", new Activation(ActivationKind.Sigmoid), b.Add("fc", new Linear(9) { Refinement = Sparse(0.1) }, c))];
        }),
    }.Select(c => c.WithPlaces(Seed));

    private static Sparse Sparse(double density) => new(density) { Unroll = true };

    private static Case Layer(string name, double density, WeightedLayer layer, params int[] input) =>
        Case.Layer(name, Numbers.Integers, layer with { Refinement = Sparse(density) }, TensorShape.Of(input));
}
