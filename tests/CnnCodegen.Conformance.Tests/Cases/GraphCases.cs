using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>What several layers make of each other: fused epilogues, borders, values in two forms, shared buffers, aliases.</summary>
internal static class GraphCases
{
    public static IEnumerable<Case> All =>
    [
        .. Epilogues,
        Case.Exact("ConvIntoPaddedConv", b => [b.Conv("b", b.Relu("r", b.Conv("a", b.Input(1, 3, 6, 7), 13)), 19)]),
        Case.Exact("TransposedIntoPaddedConv", b =>
        {
            int up = b.Relu("r", b.Add("up", new ConvTranspose(19, Window.Square(2, 4, 2, 1), [0, 0]), b.Conv("a", b.Input(1, 3, 3, 4), 13)));
            return [b.Conv("b", up, 8, kernel: 5, pad: 2)];
        }),
        Case.Exact("GroupedIntoPaddedGrouped", b =>
        {
            int narrow = b.Relu("ra", b.Conv("a", b.Input(2, 6, 9, 7), 15, groups: 3));
            return [b.Sum("sum", b.Conv("b", narrow, 15, groups: 5), narrow), b.Conv("c", narrow, 10, stride: 2, groups: 5)];
        }),
        Case.Exact("BordersOfThreeReaders", b =>
        {
            int a = b.Conv("a", b.Input(3, 5, 7, 6), 16), deep = b.Conv("deep", a, 8, kernel: 5, pad: 2), near = b.Conv("near", a, 8);
            int pool = b.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 3, 1, 1)), a);
            return [b.Add("cat", new Concat(3), deep, near, pool), b.Conv("point", a, 5, kernel: 1, pad: 0)];
        }),
        Case.Exact("ResidualOnBorders", b =>
        {
            int a = b.Relu("ra", b.Conv("a", b.Input(1, 3, 6, 5), 19));
            int sum = b.Relu("rs", b.Sum("sum", b.Conv("c", b.Relu("rb", b.Conv("b", a, 19)), 19), a));
            return [b.Conv("d", sum, 13)];
        }),
        Case.Exact("ResidualOfTheInput", b =>
        {
            int x = b.Input(1, 13, 5, 4);
            return [b.Sum("sum", b.Conv("a", b.Conv("b", x, 13), 13), x)];
        }),
        Case.Exact("ResidualThatIsReadAgain", b =>
        {
            int a = b.Conv("a", b.Input(1, 3, 5, 4), 16), sum = b.Sum("sum", a, b.Conv("b", a, 16));
            return [sum, b.Sum("twice", sum, a)];
        }),
        Case.Exact("SumOfTwoConvs", b =>
        {
            int x = b.Input(1, 8, 4, 5);
            return [b.Relu("r", b.Sum("sum", b.Conv("a", x, 13), b.Conv("b", x, 13)))];
        }),
        Case.Exact("SumWithItself", b =>
        {
            int a = b.Conv("a", b.Input(1, 3, 4, 5), 8);
            return [b.Sum("sum", a, a)];
        }),
        Case.Exact("DepthwiseBlock", b =>
        {
            int expand = b.Add("r6", new Activation(ActivationKind.Relu6), b.Conv("expand", b.Input(1, 5, 7, 6), 19, kernel: 1, pad: 0));
            int depth = b.Relu("rd", b.Conv("depth", expand, 19, stride: 2, groups: 19));
            return [b.Conv("project", depth, 13, kernel: 1, pad: 0)];
        }),
        Case.Exact("ReadInBothForms", b =>
        {
            int a = b.Conv("a", b.Input(1, 3, 4, 6), 13), t = b.Add("t", new Transpose([0, 2, 3, 1]), a);
            return [t, b.Conv("b", a, 8), b.Add("fc", new Linear(7), a)];
        }),
        Case.Exact("InPlaceChain", b =>
        {
            int pool = b.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), b.Conv("a", b.Input(1, 3, 6, 8), 19));
            int leaky = b.Add("leaky", new Activation(ActivationKind.LeakyRelu, 0.5f), b.Add("affine", new Activation(ActivationKind.Affine, 2, 1), pool));
            int norm = b.Add("norm", new BatchNorm(0), leaky);
            return [b.Add("clip", new Activation(ActivationKind.Clip, -5, 30), norm)];
        }),
        Case.Exact("ChainWhoseStartIsReadLater", b =>
        {
            int pool = b.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), b.Input(1, 5, 6, 8));
            int end = b.Add("affine", new Activation(ActivationKind.Affine, 3, -1), b.Relu("relu", pool));
            return [b.Add("product", new Binary(BinaryKind.Mul), end, pool)];
        }),
        Case.Exact("ConcatUnaligned", b =>
        {
            int x = b.Input(3, 3, 4, 5);
            int cat = b.Add("cat", new Concat(3), b.Conv("a", x, 5), b.Conv("b", x, 13), b.Conv("c", x, 8));
            return [b.Conv("d", cat, 16)];
        }),
        Case.Exact("ConcatAligned", b =>
        {
            int x = b.Input(1, 3, 4, 5);
            return [b.Conv("d", b.Add("cat", new Concat(2), b.Conv("a", x, 16), b.Conv("b", x, 32)), 8)];
        }),
        Case.Exact("ConcatNested", b =>
        {
            int x = b.Input(1, 16, 5, 6), a = b.Conv("a", x, 16), c = b.Conv("c", a, 32);
            int inner = b.Add("inner", new Concat(2), a, c), d = b.Conv("d", inner, 5);
            int outer = b.Add("outer", new Concat(2), inner, d);
            return [b.Conv("e", outer, 8), b.Add("relu", new Activation(ActivationKind.Relu), inner), a];
        }),
        Case.Exact("ConcatOfPoolsIsTheOutput", b =>
        {
            int x = b.Input(1, 16, 5, 6), a = b.Add("a", new GlobalPool(PoolKind.Max), x), c = b.Add("c", new GlobalPool(PoolKind.Average), b.Conv("conv", x, 16));
            return [b.Add("cat", new Concat(2), a, c), a];
        }),
        Case.Exact("ConcatWithInputAndItself", b =>
        {
            int x = b.Input(1, 3, 4, 5), a = b.Conv("a", x, 5);
            return [b.Add("cat", new Concat(4), a, x, a, x)];
        }),
        Case.Exact("ConcatTwiceAlignedLater", b =>
        {
            int x = b.Input(1, 16, 5, 6), p = b.Conv("p", x, 5), a = b.Conv("a", x, 16), q = b.Conv("q", x, 11);
            return [b.Conv("d", b.Add("cat", new Concat(4), p, a, q, a), 8)];
        }),
        Case.Exact("OutputReadByOthers", b =>
        {
            int a = b.Relu("ra", b.Conv("a", b.Input(1, 3, 5, 6), 13));
            return [a, b.Conv("b", a, 8)];
        }),
        Case.Exact("TwoOutputsOfOneValue", b =>
        {
            int a = b.Conv("a", b.Input(1, 3, 5, 6), 8);
            return [a, b.Add("flat", new Flatten(), a), a];
        }),
        Case.Exact("OutputIsInput", b =>
        {
            int x = b.Input(1, 3, 5, 6);
            return [x, b.Relu("r", x)];
        }),
        Case.Exact("ReshapeOfInputIsOutput", b => [b.Add("y", new Reshape([15, -1]), b.Input(1, 3, 5, 6))]),
        Case.Exact("ReshapeIsOutputAndRead", b =>
        {
            int flat = b.Add("flat", new Flatten(), b.Add("pool", new GlobalPool(PoolKind.Max), b.Conv("a", b.Input(1, 3, 5, 6), 13)));
            return [flat, b.Add("fc", new Linear(5), flat), b.Relu("r", flat)];
        }),
        Case.Exact("ParameterIsOutputAndOperand", b =>
        {
            int x = b.Input(1, 3, 5, 6), p = b.Add("p", new Parameter(Shape.Of(3, 1, 1)));
            return [b.Add("y", new Binary(BinaryKind.Mul), x, p), p];
        }),
        Case.Exact("TwoInputs", b =>
        {
            int x = b.Add("left", new Input(Shape.Of(1, 3, 4, 5))), y = b.Add("right", new Input(Shape.Of(1, 3, 4, 5)));
            return [b.Add("difference", new Binary(BinaryKind.Sub), b.Conv("a", x, 8), b.Conv("b", y, 8)), b.Add("unused", new Identity(), y)];
        }),
        Case.Exact("PadFoldedIntoConv", b => [b.Conv("a", b.Add("pad", new Pad([0, 0, 1, 2], [0, 0, 0, 3]), b.Input(1, 3, 5, 6)), 8)]),
        Case.Exact("Classifier", b =>
        {
            int conv = b.Relu("r", b.Conv("a", b.Input(3, 1, 8, 7), 19, kernel: 5, pad: 2));
            int pool = b.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), conv);
            return [b.Add("fc2", new Linear(10), b.Relu("r2", b.Add("fc1", new Linear(13), pool)))];
        }),
    ];

    /// <summary>Norm, residual and activation, in every combination, on each kind of layer with weights.</summary>
    private static IEnumerable<Case> Epilogues =>
        from layer in new (string Name, Layer Layer, int[] Input)[]
        {
            ("Conv", new Conv(13, Window.Square(2, 3, 1, 1)), [1, 13, 4, 5]),
            ("ManyPasses", new Conv(40, Window.Square(2, 3, 1, 1)), [1, 40, 5, 9]),
            ("Pointwise", new Conv(16, Window.Square(2, 1), Bias: false), [3, 16, 3, 5]),
            ("Depthwise", new Conv(19, Window.Square(2, 3, 1, 1), Groups: 19, Bias: false), [1, 19, 4, 5]),
            ("Grouped", new Conv(8, Window.Square(2, 3, 1, 1), Groups: 2), [1, 8, 4, 5]),
            ("GroupedPointwise", new Conv(12, Window.Square(2, 1), Groups: 3, Bias: false), [2, 12, 3, 7]),
            ("Linear", new Linear(13), [3, 13]),
            ("Transposed", new ConvTranspose(5, Window.Square(2, 3, 1, 1), [0, 0]), [1, 5, 4, 5]),
            ("TransposedPhases", new ConvTranspose(13, Window.Square(2, 3, 2, 2), [0, 0]), [2, 13, 3, 3]),
        }
        from norm in new[] { false, true }
        from residual in new[] { false, true }
        from activation in new[] { false, true }
        where norm || residual || activation
        let name = layer.Name + (norm ? "_Norm" : "") + (residual ? "_Residual" : "") + (activation ? "_Relu" : "")
        select Case.Exact(name, b =>
        {
            int x = b.Input(layer.Input), y = b.Add("y", layer.Layer, x);
            if (norm) y = b.Add("norm", new BatchNorm(0), y);
            if (residual) y = b.Sum("sum", y, x);
            return [activation ? b.Relu("relu", y) : y];
        });
}
