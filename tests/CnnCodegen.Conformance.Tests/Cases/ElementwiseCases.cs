using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Activations, arithmetic with every kind of broadcast, and normalisation: dense, and blocked behind a convolution.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<Case> All => [.. Activations, .. FusedActivations, .. Binaries, .. Norms];

    /// <summary>Every activation of both a blocked value and the dense input.</summary>
    private static IEnumerable<Case> Activations => Enum.GetValues<ActivationKind>().Select(kind => new Activation(kind, Alpha(kind), Beta(kind)) { Low = -5, High = 9 })
        .Select(activation => Case.Real($"{activation.Function}_Both", b =>
        {
            int x = b.Input(1, 5, 3, 7), conv = b.Conv("conv", x, 19, kernel: 1, pad: 0);

            // Roots and powers of negative numbers are another test's business.
            if (activation.Function is ActivationKind.Sqrt or ActivationKind.Pow) (x, conv) = (Positive(b, "px", x), Positive(b, "pc", conv));
            return [b.Add("y", activation, x), b.Add("z", activation, conv), conv];
        }));

    /// <summary>Every activation behind each kind of layer that can apply it to its result. Integers, whose signs and roots do not depend on rounding.</summary>
    private static IEnumerable<Case> FusedActivations => Enum.GetValues<ActivationKind>().Select(kind => new Activation(kind, Alpha(kind), Beta(kind)) { Low = -5, High = 9 })
        .Select(activation => Case.Exact($"{activation.Function}_Fused", b =>
        {
            int x = b.Input(1, 6, 2, 3), y = b.Add("x2", new Input(Shape.Of(1, 6, 2, 3)));
            int[] values = [b.Conv("conv", x, 9, kernel: 1, pad: 0), b.Conv("depth", x, 6, groups: 6), b.Add("fc", new Linear(5), x), b.Sum("sum", x, y)];
            return [.. values.Select((value, i) => b.Add($"y{i}", activation, value))];
        }));

    private static IEnumerable<Case> Binaries =>
    [
        .. Enum.GetValues<BinaryKind>().Where(kind => kind is not (BinaryKind.Pow or BinaryKind.Div)).Select(kind => Two($"{kind}_Same", kind, [3, 13, 5, 7], [3, 13, 5, 7])),
        Two("Add_Vector", BinaryKind.Add, [1, 37], [1, 37]),
        Two("Mul_PerChannel", BinaryKind.Mul, [1, 19, 4, 5], [1, 19, 1, 1]),
        Two("Add_PerChannelBatch3", BinaryKind.Add, [3, 16, 4, 5], [16, 1, 1]),
        Two("Sub_ScalarLeft", BinaryKind.Sub, [1], [1, 8, 3, 4]),
        Two("Mul_Plane", BinaryKind.Mul, [1, 5, 4, 6], [1, 1, 4, 6]),
        Two("Sub_PlaneLeftBatch3", BinaryKind.Sub, [3, 1, 3, 7], [3, 5, 3, 7]),
        Two("Add_PlaneRank5", BinaryKind.Add, [2, 3, 2, 3, 5], [1, 1, 2, 3, 5]),
        Case.Exact("Pixels_Blocked", b =>
        {
            int x = b.Input(2, 8, 4, 5), conv = b.Conv("conv", x, 19), mean = b.Add("mean", new ReduceMean([1]), b.Conv("c", x, 8, kernel: 1, pad: 0));
            int product = b.Add("product", new Binary(BinaryKind.Mul), conv, mean);
            return [b.Conv("next", product, 3), b.Add("one", new Binary(BinaryKind.Sub), b.Add("p", new Parameter(Shape.Of(1, 1, 4, 5))), conv)];
        }),
        Two("Max_Row", BinaryKind.Max, [1, 5, 4, 6], [6]),
        Two("Min_BothGrow", BinaryKind.Min, [3, 1, 4, 1], [1, 5, 1, 6]),
        Two("Add_Rank3", BinaryKind.Add, [3, 5, 11], [5, 1]),
        Two("Add_Rank5", BinaryKind.Add, [1, 3, 2, 3, 4], [1, 3, 1, 1, 1]),
        Case.Real("Div_Both", b =>
        {
            int x = b.Input(1, 13, 3, 5), y = Positive(b, "p", b.Add("x2", new Input(Shape.Of(1, 13, 1, 1))));
            return [b.Add("y", new Binary(BinaryKind.Div), x, y), b.Add("z", new Binary(BinaryKind.Div), b.Conv("conv", x, 13), y)];
        }),
        Case.Real("Pow_Positive", b =>
        {
            int x = b.Add("x0", new Input(Shape.Of(1, 5, 3, 5))), y = b.Add("x1", new Input(Shape.Of(1, 5, 3, 5)));
            return [b.Add("y", new Binary(BinaryKind.Pow), b.Add("e", new Binary(BinaryKind.Mul), x, x), y)];
        }),
        Case.Exact("Arithmetic_Blocked", b =>
        {
            int x = b.Input(1, 8, 4, 5), first = b.Conv("a", x, 19), second = b.Conv("b", x, 19), gate = b.Add("pool", new GlobalPool(PoolKind.Max), first);
            int product = b.Add("product", new Binary(BinaryKind.Mul), first, gate), p = b.Add("p", new Parameter(Shape.Of(19, 1, 1)));
            int difference = b.Add("difference", new Binary(BinaryKind.Sub), product, second);
            return [b.Add("least", new Binary(BinaryKind.Min), difference, p), difference];
        }),
    ];

    private static IEnumerable<Case> Norms =>
    [
        Norm("BatchNorm", new BatchNorm(0), 1, 13, 4, 5),
        Norm("BatchNorm_Batch3", new BatchNorm(0), 3, 16, 3, 3),
        Norm("BatchNorm_Rank2", new BatchNorm(0), 3, 19),
        Norm("PRelu_PerChannel", new PRelu(), 1, 19, 4, 5),
        Norm("PRelu_Single", new PRelu(PerChannel: false), 3, 8, 4, 5),
        Norm("PRelu_Plane", new PRelu(SlopeShape: Shape.Of(1, 4, 5)), 1, 3, 4, 5),
        Case.Real("InstanceNorm", b => [b.Add("y", new InstanceNorm(), b.Input(3, 5, 6, 7))]),
        Case.Real("LocalResponseNorm", b => [b.Add("y", new LocalResponseNorm(5, 0.1f), b.Input(1, 13, 3, 4))]),
        Case.Real("LocalResponseNorm_Even", b => [b.Add("y", new LocalResponseNorm(4, 0.5f, 0.5f, 2), b.Conv("conv", b.Input(1, 3, 4, 3), 19))]),
        Case.Real("Norms_Blocked", b =>
        {
            int conv = b.Conv("conv", b.Input(1, 3, 5, 4), 19);
            return [b.Add("bn", new BatchNorm(), conv), b.Add("prelu", new PRelu(), conv), b.Add("in", new InstanceNorm(Affine: false), conv)];
        }),
        .. new[] { 1, 2, 3, -1 }.Select(axis => Case.Real($"Softmax_Axis{axis & 7}", b => [b.Add("y", new Softmax(axis), b.Input(3, 13, 5, 6))])),
        Case.Real("LogSoftmax", b => [b.Add("y", new Softmax(-1, Log: true), b.Input(3, 37))]),
        Case.Real("LogSoftmax_Channels", b => [b.Add("y", new Softmax(1, Log: true), b.Conv("conv", b.Input(1, 3, 4, 3), 10))]),
        Case.Exact("ReduceMean_Plane", b => [b.Add("y", new ReduceMean([2, 3]), b.Input(3, 13, 5, 6))]),
        Case.Exact("ReduceMean_All", b => [b.Add("y", new ReduceMean([], KeepDims: false), b.Input(1, 5, 3, 4))]),
        Case.Exact("ReduceMean_Pixels", b => [b.Add("y", new ReduceMean([1]), b.Input(2, 5, 7, 29))]),
        Case.Exact("ReduceMean_ManyPixels", b => [b.Add("y", new ReduceMean([1]), b.Input(1, 3, 67, 71))]),
        Case.Exact("ReduceMean_Middle", b => [b.Add("y", new ReduceMean([1, 2]), b.Input(3, 4, 3, 17))]),
        Case.Exact("ReduceMean_Images", b => [b.Add("y", new ReduceMean([0]), b.Input(3, 7, 2, 3))]),
        Case.Exact("ReduceMean_Rows", b => [b.Add("y", new ReduceMean([2]), b.Input(2, 3, 5, 37))]),
        Case.Exact("ReduceMean_Apart", b => [b.Add("y", new ReduceMean([0, 2]), b.Input(2, 3, 4, 17))]),
        Case.Exact("ReduceMean_Channels", b => [b.Add("y", new ReduceMean([1], KeepDims: false), b.Conv("conv", b.Input(1, 3, 4, 3), 10))]),
    ];

    private static float Alpha(ActivationKind kind) => kind switch { ActivationKind.Clip => -0.25f, ActivationKind.Affine => 1.7f, ActivationKind.Pow => 1.5f, _ => 0.3f };

    private static float Beta(ActivationKind kind) => kind switch { ActivationKind.Clip => 0.5f, ActivationKind.Quantize => 2, _ => 0.4f };

    private static int Positive(NetworkBuilder builder, string name, int value) =>
        builder.Add(name + "1", new Activation(ActivationKind.Affine, 1, 0.5f), builder.Add(name, new Activation(ActivationKind.Relu), value));

    private static Case Two(string name, BinaryKind kind, int[] a, int[] b) =>
        Case.Layer(name, Numbers.Integers, new Binary(kind), TensorShape.Of(a), TensorShape.Of(b));

    private static Case Norm(string name, Layer layer, params int[] input) => Case.Layer(name, Numbers.Integers, layer, TensorShape.Of(input));
}
