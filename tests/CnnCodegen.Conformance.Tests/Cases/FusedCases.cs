using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions and the depthwise ones that read them, with values between them that no second-level cache holds.</summary>
internal static class FusedCases
{
    public static IEnumerable<Case> All =>
    [
        Case.Exact("FusedExpand", b => [Depthwise(b, b.Conv("expand", b.Input(1, 5, 72, 72), 24, kernel: 1, pad: 0), 24)]),
        Case.Exact("FusedExpand_Stride2", b => [b.Conv("project", Depthwise(b, Relu6(b, b.Conv("expand", b.Input(1, 5, 72, 72), 39, kernel: 1, pad: 0)), 39, stride: 2), 9, kernel: 1, pad: 0)]),
        Case.Exact("FusedSigns", b =>
        {
            int value = b.Conv("expand", b.Input(1, 5, 401, 24), 20, kernel: 1, pad: 0);
            return [b.Add("dw", new Conv(20, Window.Square(2, 3, 1, 1), Groups: 20) { Refinement = new BinaryWeight() }, value)];
        }),
        Case.Exact("FusedBands", b => [Depthwise(b, Relu6(b, b.Conv("expand", b.Input(1, 3, 401, 24), 16, kernel: 1, pad: 0)), 16)]),
        Case.Exact("FusedBands_Stride2_Batch2", b => [Depthwise(b, b.Conv("expand", b.Input(2, 4, 299, 40), 24, kernel: 1, pad: 0), 24, stride: 2)]),
        Case.Exact("FusedImage", b => [Depthwise(b, Relu6(b, b.Conv("stem", b.Input(1, 3, 240, 168), 16, stride: 2)), 16)]),
        Case.Exact("FusedManyPasses", b => [Depthwise(b, b.Conv("reduce", b.Conv("wide", b.Input(1, 3, 60, 61), 200, kernel: 1, pad: 0), 32), 32)]),
        Case.Exact("FusedResidual", b =>
        {
            int x = b.Conv("a", b.Input(1, 3, 72, 72), 24, kernel: 1, pad: 0);
            return [b.Relu("r", b.Sum("sum", Depthwise(b, Relu6(b, b.Conv("expand", x, 24, kernel: 1, pad: 0)), 24), x))];
        }),
        Case.Exact("FusedRowsThatNobodyReads", b =>
        {
            int value = b.Conv("expand", b.Input(1, 7, 98, 92), 16, kernel: 1, pad: 0);
            return [b.Add("dw", new Conv(16, Window.Square(2, 2, 3, 0), Groups: 16), value)];
        }),
        Case.Exact("FusedWideWindow", b =>
        {
            int value = b.Conv("expand", b.Input(1, 7, 78, 92), 16, kernel: 1, pad: 0);
            return [b.Add("dw", new Conv(16, Window.Square(2, 5, 2, 2), Groups: 16), value)];
        }),

        // These must stay two steps: somebody else reads the value.
        Case.Exact("NotFused_ReadTwice", b =>
        {
            int value = b.Conv("expand", b.Input(1, 5, 82, 83), 16, kernel: 1, pad: 0);
            return [Depthwise(b, value, 16), b.Add("max", new GlobalPool(PoolKind.Max), value)];
        }),
        Case.Exact("NotFused_Output", b =>
        {
            int value = b.Conv("expand", b.Input(1, 5, 82, 83), 16, kernel: 1, pad: 0);
            return [Depthwise(b, value, 16), value];
        }),
    ];

    private static int Relu6(NetworkBuilder b, int x) => b.Add("r6", new Activation(ActivationKind.Relu6), x);

    private static int Depthwise(NetworkBuilder b, int x, int channels, int stride = 1) => b.Conv("dw", x, channels, stride: stride, groups: channels);
}
