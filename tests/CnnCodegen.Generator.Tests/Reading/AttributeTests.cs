using System.Text.RegularExpressions;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>Every attribute, with its defaults and with its options, behind an input <c>x</c> of 1x8x6x6.</summary>
public class AttributeTests
{
    private static readonly Dictionary<string, Action<NetworkBuilder, int>> Cases = new()
    {
        ["""Conv("c", 4, Kernel = 3)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)), x),
        ["""Conv("c", 4, Kernel = 3, Stride = 2, Padding = 1, Dilation = 2, Groups = 2, Bias = false)"""] =
            (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3, 2, 1, 2), 2, false), x),
        ["""Conv("c", 4, KernelShape = [1, 3], Strides = [1, 2], Dilations = [3, 2], Pads = [0, 1, 2, 3])"""] =
            (b, x) => b.Add("c", new Conv(4, new Window([1, 3], [1, 2], [3, 2], [0, 1], [2, 3])), x),
        ["""Conv("c", 4, Kernel = 3, Stride = 2, AutoPad = AutoPad.SameUpper)"""] =
            (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3, 2) with { AutoPad = Model.AutoPad.SameUpper }), x),
        ["""Conv("c", 4, Kernel = 3, Stride = 2, AutoPad = AutoPad.SameLower)"""] =
            (b, x) => b.Add("c", new Conv(4, new Window([3, 3], [2, 2], [1, 1], [1, 1], [0, 0])), x),
        ["""Conv("c", 4, Kernel = 3, AutoPad = AutoPad.Valid)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)), x),
        ["""DepthwiseConv("d", Kernel = 3)"""] = (b, x) => b.Add("d", new Conv(8, Window.Square(2, 3), 8), x),
        ["""DepthwiseConv("d", Kernel = 3, Padding = 1, Multiplier = 3, Bias = false)"""] =
            (b, x) => b.Add("d", new Conv(24, Window.Square(2, 3, pad: 1), 8, false), x),
        ["""ConvTranspose("t", 4, Kernel = 2, Stride = 2)"""] = (b, x) => b.Add("t", new ConvTranspose(4, Window.Square(2, 2, 2), [0, 0]), x),
        ["""ConvTranspose("t", 4, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1, Groups = 4, Bias = false)"""] =
            (b, x) => b.Add("t", new ConvTranspose(4, Window.Square(2, 3, 2, 1), [1, 1], 4, false), x),
        ["""ConvTranspose("t", 4, Kernel = 3, Stride = 2, OutputPaddings = [0, 1])"""] =
            (b, x) => b.Add("t", new ConvTranspose(4, Window.Square(2, 3, 2), [0, 1]), x),
        ["""Linear("l", 10)"""] = (b, x) => b.Add("l", new Linear(10), x),
        ["""Linear("l", 10, Bias = false)"""] = (b, x) => b.Add("l", new Linear(10, false), x),
        ["""Linear("l", 10, Algorithm = ConvAlgorithm.Direct)"""] = (b, x) => b.Add("l", new Linear(10) { Algorithm = Model.ConvAlgorithm.Direct }, x),
        ["""Parameter("p", 6, 2), MatMul("m", "x", "p")"""] =
            (b, x) => b.Add("m", new MatMul(), x, b.Add("p", new Parameter(TensorShape.Of(6, 2)))),

        ["Relu"] = (b, x) => b.Add("x.relu", new Activation(ActivationKind.Relu), x),
        ["Relu6"] = (b, x) => b.Add("x.relu6", new Activation(ActivationKind.Relu6), x),
        ["Sigmoid"] = (b, x) => b.Add("x.sigmoid", new Activation(ActivationKind.Sigmoid), x),
        ["Tanh"] = (b, x) => b.Add("x.tanh", new Activation(ActivationKind.Tanh), x),
        ["HardSwish"] = (b, x) => b.Add("x.hardswish", new Activation(ActivationKind.HardSwish), x),
        ["Softplus"] = (b, x) => b.Add("x.softplus", new Activation(ActivationKind.Softplus), x),
        ["Exp"] = (b, x) => b.Add("x.exp", new Activation(ActivationKind.Exp), x),
        ["Sqrt"] = (b, x) => b.Add("x.sqrt", new Activation(ActivationKind.Sqrt), x),
        ["Sign"] = (b, x) => b.Add("x.sign", new Activation(ActivationKind.Sign), x),
        ["Binarize"] = (b, x) => b.Add("x.binarize", new Activation(ActivationKind.Binarize), x),
        ["Quantize(0.5f)"] = (b, x) => b.Add("x.quantize", new Activation(ActivationKind.Quantize, 0.5f, 0) { Low = 0, High = 255 }, x),
        ["Quantize(15, Reciprocal = true, Bits = 4)"] = (b, x) => b.Add("x.quantize", new Activation(ActivationKind.Quantize, 1f / 15, 0) { Low = 0, High = 15, Levels = 15 }, x),
        ["""Quantize("q", 2, ZeroPoint = -3, Bits = 4, Signed = true, Low = -7)"""] =
            (b, x) => b.Add("q", new Activation(ActivationKind.Quantize, 2, -3) { Low = -7, High = 7 }, x),
        ["""Conv("c", 4, Kernel = 3), Sparse(0.25)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new Sparse(0.25) }, x),
        ["""Conv("c", 4, Kernel = 3, Stride = 2, Padding = 1), Lookup(5, 2)"""] = (b, x) => b.Add(
            "c", new Conv(4, Window.Square(2, 3, 2, 1)) { Refinement = new Lookup(5, 2) }, b.Add("c.dictionary", new Conv(5, Window.Square(2, 1), Bias: false), x)),
        ["""Linear("l", 10, Bias = false), Lookup(3, 1)"""] = (b, x) =>
            b.Add("l", new Linear(10, false) { Refinement = new Lookup(3, 1) }, b.Add("l.dictionary", new Linear(3, false), x)),
        ["""Conv("c", 4, Kernel = 3, Padding = 1), SparseDecomposed(2, 0.5)"""] = (b, x) => b.Add(
            "c", new Conv(4, Window.Square(2, 1)) { Refinement = new SparseDecomposed(2, 0.5) },
            b.Add("c.spatial", new Conv(16, Window.Square(2, 3, pad: 1), 8, false), b.Add("c.channels", new Conv(8, Window.Square(2, 1), Bias: false), x))),
        ["""Conv("c", 4, Kernel = 3, Padding = 1), Binary"""] = (b, x) =>
            b.Add("c", new Conv(4, Window.Square(2, 3, pad: 1)) { Refinement = new BinaryWeight() }, b.Add("c.binarize", new Activation(ActivationKind.Binarize), x)),
        ["""Binarize("s"), Linear("l", 4), Binary"""] = (b, x) =>
            b.Add("l", new Linear(4) { Refinement = new BinaryWeight() }, b.Add("s", new Activation(ActivationKind.Binarize), x)),
        ["""Conv("c", 4, Kernel = 3), Binary(Weights = false)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)), b.Add("c.binarize", new Activation(ActivationKind.Binarize), x)),
        ["""Conv("c", 4, Kernel = 3), Binary(Inputs = false)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new BinaryWeight() }, x),
        ["""Conv("c", 4, Kernel = 3, Padding = 1), Binary(PadValue = BinaryPadding.MinusOne)"""] = (b, x) => b.Add(
            "c", new Conv(4, Window.Square(2, 3)) { Refinement = new BinaryWeight() },
            b.Add("c.pad", new Pad([0, 0, 1, 1], [0, 0, 1, 1], Value: -1), b.Add("c.binarize", new Activation(ActivationKind.Binarize), x))),
        ["""Conv("c", 4, Kernel = 3), BinaryWeight"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new BinaryWeight() }, x),
        ["""Linear("l", 4), Bitwise(0.5)"""] = (b, x) =>
            b.Add("l", new Linear(4) { Refinement = new Bitwise(0.5) }, b.Add("l.binarize", new Activation(ActivationKind.Binarize), x)),
        ["""Conv("c", 4, Kernel = 3), DoReFa(2, 1)"""] = (b, x) =>
            b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new DoReFa(2) }, b.Add("c.quantize", new Activation(ActivationKind.Quantize, 1) { High = 1, Levels = 1 }, x)),
        ["""Conv("c", 4, Kernel = 3), DoReFa(1, 32)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new BinaryWeight() }, x),
        ["""Conv("c", 4, Kernel = 3, Padding = 1, Bias = false), Xnor"""] = (b, x) =>
        {
            int abs = b.Add("c.abs", new Binary(BinaryKind.Max), x, b.Add("c.negated", new Activation(ActivationKind.Affine, -1), x));
            int scales = b.Add("c.scales", new Pool(PoolKind.Average, Window.Square(2, 3, pad: 1), CountIncludePad: true), b.Add("c.mean", new ReduceMean([1]), abs));
            int conv = b.Add("c", new Conv(4, Window.Square(2, 3, pad: 1), Bias: false) { Refinement = new BinaryWeight() }, b.Add("c.binarize", new Activation(ActivationKind.Binarize), x));
            b.Add("c.scaled", new Binary(BinaryKind.Mul), conv, scales);
        },
        ["""Conv("c", 4, Kernel = 3), Int8"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new Int8() }, x),
        ["""Conv("c", 4, Kernel = 3), Sparse(0.25, Shared = true)"""] = (b, x) => b.Add("c", new Conv(4, Window.Square(2, 3)) { Refinement = new Sparse(0.25) { Shared = true } }, x),
        ["""Linear("l", 10), Sparse(0.5, Unroll = false)"""] = (b, x) => b.Add("l", new Linear(10) { Refinement = new Sparse(0.5) }, x),
        ["""Linear("l", 10), Sparse(1), Relu"""] = (b, x) =>
            b.Add("l.relu", new Activation(ActivationKind.Relu), b.Add("l", new Linear(10) { Refinement = new Sparse(1) }, x)),
        ["LeakyRelu"] = (b, x) => b.Add("x.leakyrelu", new Activation(ActivationKind.LeakyRelu, 0.01f), x),
        ["""LeakyRelu("a", Alpha = 0.2f)"""] = (b, x) => b.Add("a", new Activation(ActivationKind.LeakyRelu, 0.2f), x),
        ["Elu"] = (b, x) => b.Add("x.elu", new Activation(ActivationKind.Elu, 1f), x),
        ["""Elu("a", Alpha = 0.5f)"""] = (b, x) => b.Add("a", new Activation(ActivationKind.Elu, 0.5f), x),
        ["HardSigmoid"] = (b, x) => b.Add("x.hardsigmoid", new Activation(ActivationKind.HardSigmoid, 1f / 6, 0.5f), x),
        ["HardSigmoid(Alpha = 0.2f, Beta = 0.4f)"] = (b, x) => b.Add("x.hardsigmoid", new Activation(ActivationKind.HardSigmoid, 0.2f, 0.4f), x),
        ["Clip(-1, 2.5f)"] = (b, x) => b.Add("x.clip", new Activation(ActivationKind.Clip, -1, 2.5f), x),
        ["""Clip("a", 0, float.PositiveInfinity)"""] = (b, x) => b.Add("a", new Activation(ActivationKind.Clip, 0, float.PositiveInfinity), x),
        ["PRelu"] = (b, x) => b.Add("x.prelu", new PRelu(), x),
        ["PRelu(PerChannel = false)"] = (b, x) => b.Add("x.prelu", new PRelu(false), x),
        ["""PRelu("a", SlopeShape = [8, 6, 6])"""] = (b, x) => b.Add("a", new PRelu(true, TensorShape.Of(8, 6, 6)), x),

        ["BatchNorm"] = (b, x) => b.Add("x.batchnorm", new BatchNorm(1e-5f), x),
        ["""BatchNorm("bn", Epsilon = 1e-3f)"""] = (b, x) => b.Add("bn", new BatchNorm(1e-3f), x),
        ["Dropout(Rate = 0.2f)"] = (b, x) => b.Add("x.dropout", new Identity("Dropout"), x),
        ["""Identity("same")"""] = (b, x) => b.Add("same", new Identity(), x),
        ["InstanceNorm"] = (b, x) => b.Add("instancenorm1", new InstanceNorm(1e-5f, true), x),
        ["""InstanceNorm("in", Epsilon = 0.1f, Affine = false)"""] = (b, x) => b.Add("in", new InstanceNorm(0.1f, false), x),
        ["LocalResponseNorm(5)"] = (b, x) => b.Add("localresponsenorm1", new LocalResponseNorm(5, 1e-4f, 0.75f, 1f), x),
        ["""LocalResponseNorm("lrn", 3, Alpha = 0.1f, Beta = 0.5f, K = 2f)"""] = (b, x) => b.Add("lrn", new LocalResponseNorm(3, 0.1f, 0.5f, 2f), x),

        ["MaxPool(2)"] = (b, x) => b.Add("maxpool1", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), x),
        ["""MaxPool("p", 3, Stride = 2, Padding = 1, CeilMode = true)"""] =
            (b, x) => b.Add("p", new Pool(PoolKind.Max, Window.Square(2, 3, 2, 1) with { CeilMode = true }), x),
        ["MaxPool(KernelShape = [2, 3])"] = (b, x) => b.Add("maxpool1", new Pool(PoolKind.Max, new Window([2, 3], [2, 3], [1, 1], [0, 0], [0, 0])), x),
        ["""MaxPool("p", Kernel = 2, Dilation = 2, Strides = [1, 2])"""] =
            (b, x) => b.Add("p", new Pool(PoolKind.Max, new Window([2, 2], [1, 2], [2, 2], [0, 0], [0, 0])), x),
        ["AveragePool(3, Padding = 1)"] = (b, x) => b.Add("averagepool1", new Pool(PoolKind.Average, Window.Square(2, 3, 3, 1), false), x),
        ["AveragePool(3, Padding = 1, CountIncludePad = true)"] = (b, x) => b.Add("averagepool1", new Pool(PoolKind.Average, Window.Square(2, 3, 3, 1), true), x),
        ["GlobalMaxPool"] = (b, x) => b.Add("globalmaxpool1", new GlobalPool(PoolKind.Max), x),
        ["""GlobalAveragePool("gap")"""] = (b, x) => b.Add("gap", new GlobalPool(PoolKind.Average), x),

        ["""Add("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Add), x, x),
        ["""Sub("s", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Sub), x, x),
        ["""Mul("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Mul), x, x),
        ["""Div("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Div), x, x),
        ["""Min("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Min), x, x),
        ["""Max("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Max), x, x),
        ["""Pow("s", "x", "x")"""] = (b, x) => b.Add("s", new Binary(BinaryKind.Pow), x, x),
        ["""Add("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Affine, 1, 3), x),
        ["""Sub("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Affine, 1, -3), x),
        ["""Mul("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Affine, 3, 0), x),
        ["""Div("s", Scalar = 4)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Affine, 0.25f, 0), x),
        ["""Min("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Clip, float.NegativeInfinity, 3), x),
        ["""Max("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Clip, 3, float.PositiveInfinity), x),
        ["""Pow("s", Scalar = 3)"""] = (b, x) => b.Add("s", new Activation(ActivationKind.Pow, 3), x),

        ["""Concat("c", "x", "x")"""] = (b, x) => b.Add("c", new Concat(2, 1), x, x),
        ["""Concat("c", "x", "x", "x", Axis = -1)"""] = (b, x) => b.Add("c", new Concat(3, 3), x, x, x),
        ["Flatten"] = (b, x) => b.Add("flatten1", new Reshape([1, 288]), x),
        ["""Flatten("f", Axis = 2)"""] = (b, x) => b.Add("f", new Reshape([8, 36]), x),
        ["""Reshape("r", 0, -1, 4)"""] = (b, x) => b.Add("r", new Reshape([1, 72, 4]), x),
        ["""Transpose("t", 0, 2, 3, 1)"""] = (b, x) => b.Add("t", new Transpose([0, 2, 3, 1]), x),
        ["""Transpose("t")"""] = (b, x) => b.Add("t", new Transpose([3, 2, 1, 0]), x),
        ["""Slice("s", Starts = [1], Ends = [-1], Axes = [3], Steps = [2])"""] = (b, x) => b.Add("s", new Slice([1], [-1], [3], [2]), x),
        ["""Slice("s", Starts = [0, 2], Ends = [1, 6])"""] = (b, x) => b.Add("s", new Slice([0, 2], [1, 6], [], []), x),
        ["""Split("s", 2), Add("a", "s.0", "s.1")"""] = (b, x) => b.Add("a", new Binary(BinaryKind.Add),
            b.Add("s.0", new Slice([0], [4], [1], [1]), x), b.Add("s.1", new Slice([4], [8], [1], [1]), x)),
        ["""Split("s", 2, Axis = -1, Sizes = [2, 4]), Relu("r", From = "s.1")"""] = (b, x) =>
        {
            b.Add("s.0", new Slice([0], [2], [3], [1]), x);
            b.Add("r", new Activation(ActivationKind.Relu), b.Add("s.1", new Slice([2], [6], [3], [1]), x));
        },
        ["""Pad("p", Padding = 2)"""] = (b, x) => b.Add("p", new Pad([0, 0, 2, 2], [0, 0, 2, 2]), x),
        ["""Pad("p", Pads = [0, 1, 2, 3, 0, 0, 0, -1], Value = 0.5f)"""] = (b, x) => b.Add("p", new Pad([0, 1, 2, 3], [0, 0, 0, -1], Model.PadMode.Constant, 0.5f), x),
        ["""Pad("p", Padding = 1, Mode = PadMode.Edge)"""] = (b, x) => b.Add("p", new Pad([0, 0, 1, 1], [0, 0, 1, 1], Model.PadMode.Edge), x),
        ["""Resize("r", Scale = 1.5f)"""] = (b, x) => b.Add("r", new Resize([], [1, 1, 1.5f, 1.5f]), x),
        ["""Resize("r", Height = 9, Width = 12, Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.AlignCorners)"""] =
            (b, x) => b.Add("r", new Resize([1, 8, 9, 12], [], Model.ResizeMode.Linear, Model.ResizeCoordinates.AlignCorners), x),
        ["""Resize("r", Sizes = [1, 8, 3, 2], Rounding = NearestRounding.Ceil)"""] =
            (b, x) => b.Add("r", new Resize([1, 8, 3, 2], [], Rounding: Model.NearestRounding.Ceil), x),
        ["""Resize("r", Scales = [1, 1, 2, 0.5f], Coordinates = ResizeCoordinates.Asymmetric)"""] =
            (b, x) => b.Add("r", new Resize([], [1, 1, 2, 0.5f], Coordinates: Model.ResizeCoordinates.Asymmetric), x),
        ["""Upsample("u", 2)"""] = (b, x) => b.Add("u", new Resize([], [1, 1, 2, 2], Model.ResizeMode.Nearest, Model.ResizeCoordinates.Asymmetric, Model.NearestRounding.Floor), x),
        ["""Upsample("u", 3, Mode = ResizeMode.Linear)"""] = (b, x) => b.Add("u", new Resize([], [1, 1, 3, 3], Model.ResizeMode.Linear, Model.ResizeCoordinates.HalfPixel), x),
        ["ChannelShuffle(4)"] = (b, x) => b.Add("channelshuffle1", new ChannelShuffle(4), x),
        ["""ChannelShuffle("s", 2)"""] = (b, x) => b.Add("s", new ChannelShuffle(2), x),
        ["DepthToSpace(2)"] = (b, x) => b.Add("depthtospace1", new DepthToSpace(2, true), x),
        ["""DepthToSpace("s", 2, Mode = DepthToSpaceMode.DepthColumnRow)"""] = (b, x) => b.Add("s", new DepthToSpace(2, false), x),
        ["SpaceToDepth(3)"] = (b, x) => b.Add("spacetodepth1", new SpaceToDepth(3), x),
        ["Softmax"] = (b, x) => b.Add("softmax1", new Softmax(3), x),
        ["""Softmax("s", Axis = 1)"""] = (b, x) => b.Add("s", new Softmax(1), x),
        ["LogSoftmax"] = (b, x) => b.Add("logsoftmax1", new Softmax(3, true), x),
        ["""ReduceMean("m", 2, -1)"""] = (b, x) => b.Add("m", new ReduceMean([2, 3], true), x),
        ["""ReduceMean("m", KeepDims = false)"""] = (b, x) => b.Add("m", new ReduceMean([0, 1, 2, 3], false), x),
    };

    public static TheoryData<string> Attributes => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Is_read_as_its_layer(string attributes) => Definition.Reads(
        $"[Input(\"x\", 8, 6, 6)]\n[{attributes}]",
        b => Cases[attributes](b, b.Add("x", new Input(TensorShape.Of(1, 8, 6, 6)))));

    [Fact]
    public void Every_layer_has_a_case() => Assert.Equal(
        LayerCatalog.Names.Concat(RefinementCatalog.Names).Where(name => name != LayerCatalog.Input).Order(),
        Cases.Keys.SelectMany(key => Regex.Matches(key, @"(?:^|\), )(\w+)").Select(match => match.Groups[1].Value)).Distinct().Order());

    [Fact]
    public void Every_attribute_of_the_run_time_has_a_reader() => Assert.Equal(
        LayerCatalog.Names.Concat(RefinementCatalog.Names).Append(LayerCatalog.Network).Append(LayerCatalog.Output).Order(),
        typeof(NetworkAttribute).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract)
            .Select(type => type.Name[..^"Attribute".Length]).Order());
}
