namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0010BadOptionTests
{
    [Theory]
    [InlineData("""Conv("a", 0, Kernel = 3)""", "Conv 'a': outChannels is 0; it must be at least 1")]
    [InlineData("""Conv("a", 4)""", "Conv 'a': the kernel is missing; give Kernel or KernelShape")]
    [InlineData("""Conv("a", 4, Kernel = 0)""", "Conv 'a': Kernel is 0; it must be at least 1")]
    [InlineData("""Conv("a", 4, Kernel = 3, Stride = 0)""", "Conv 'a': Stride is 0; it must be at least 1")]
    [InlineData("""Conv("a", 4, Kernel = 3, Padding = -1)""", "Conv 'a': Padding is -1; it must be at least 0")]
    [InlineData("""Conv("a", 4, Kernel = 3, Dilation = 2000000)""", "Conv 'a': Dilation is 2000000; it must be at most 1048576")]
    [InlineData("""Conv("a", 4, Kernel = 3, KernelShape = [3, 3])""", "Conv 'a': Kernel and KernelShape are both given; keep one of them")]
    [InlineData("""Conv("a", 4, Kernel = 3, Padding = 1, AutoPad = AutoPad.Valid)""", "Conv 'a': AutoPad is Valid and there is a padding in numbers; keep one of them")]
    [InlineData("""Conv("a", 4, Kernel = 3, AutoPad = (AutoPad)7)""", "Conv 'a': AutoPad is 7; it must be Explicit, Valid, SameUpper, SameLower")]
    [InlineData("""MaxPool(2, Kernel = 2)""", "MaxPool 'maxpool1': the kernel is given twice; keep one of them")]
    [InlineData("""MaxPool""", "MaxPool 'maxpool1': the kernel is missing; give Kernel or KernelShape")]
    [InlineData("""Clip(2, 1)""", "Clip behind 'x': min is 2 and max is 1; min must not be above max")]
    [InlineData("""Elu(Alpha = float.NaN)""", "Elu behind 'x': Alpha is NaN; give a number")]
    [InlineData("""Elu(Alpha = float.PositiveInfinity)""", "Elu behind 'x': Alpha is infinite; give a finite number")]
    [InlineData("""Quantize(0)""", "Quantize behind 'x': scale is 0; it must be above 0")]
    [InlineData("""Quantize(0.5f, Reciprocal = true)""", "Quantize behind 'x': Reciprocal is set and scale is 0.5; it must be a whole number, the codes of one unit")]
    [InlineData("""Quantize(1, Bits = 9)""", "Quantize behind 'x': Bits is 9; it must be at most 8")]
    [InlineData("""Quantize(1, ZeroPoint = -1)""", "Quantize behind 'x': ZeroPoint is -1; it must be at least 0")]
    [InlineData("""Conv("a", 4, Kernel = 3), Sparse(0)""", "Sparse: density is 0; it must be above 0 and at most 1", "Sparse(0)")]
    [InlineData("""Conv("a", 4, Kernel = 3), Lookup(2, 3)""", "Lookup: terms is 3; it must be at most dictionary, which is 2", "Lookup(2, 3)")]
    [InlineData("""Conv("a", 4, Kernel = 3), SparseDecomposed(2, 2)""", "SparseDecomposed: density is 2; it must be above 0 and at most 1", "SparseDecomposed(2, 2)")]
    [InlineData("""Conv("a", 4, Kernel = 3), Bitwise(1)""", "Bitwise: zeros is 1; it must be at least 0 and below 1", "Bitwise(1)")]
    [InlineData("""Conv("a", 4, Kernel = 3), DoReFa(9, 2)""", "DoReFa: the weights have 9 bits and the activations 2; both must be 1 to 8, or 32 for what stays as it is", "DoReFa(9, 2)")]
    [InlineData("""Conv("a", 4, Kernel = 3), Binary(Inputs = false, Weights = false)""", "Binary: Inputs and Weights are both false, which leaves nothing binary; set one of them, or leave Binary out", "Binary(Inputs = false, Weights = false)")]
    [InlineData("""DepthwiseConv("a", Kernel = 3), Lookup(4, 2)""", "DepthwiseConv 'a': Lookup needs a convolution whose filters see all channels, and this one has 3 groups; take Sparse, or leave the groups out", "Lookup(4, 2)")]
    [InlineData("""Linear("a", 3), SparseDecomposed(4, 0.5)""", "Linear 'a': SparseDecomposed makes filters of spatial ones, and a linear layer has none; take Lookup or Sparse", "SparseDecomposed(4, 0.5)")]
    [InlineData("""Linear("a", 3), Binary(PadValue = BinaryPadding.PlusOne)""", "Linear 'a': PadValue is set, and a linear layer has no padding; leave it out", "Binary(PadValue = BinaryPadding.PlusOne)")]
    [InlineData("""Conv("a", 4, Kernel = 3), Xnor""", "Conv 'a': Xnor scales the layer's result, and would scale a bias with it; set Bias = false and let a BatchNorm behind the layer add one", "Xnor")]
    [InlineData("""PRelu(PerChannel = true, SlopeShape = [3])""", "PRelu behind 'x': PerChannel and SlopeShape are both given; keep one of them")]
    [InlineData("""BatchNorm(Epsilon = -1)""", "BatchNorm behind 'x': Epsilon is -1; it must not be negative")]
    [InlineData("""Dropout(Rate = 1.5f)""", "Dropout behind 'x': Rate is 1.5; it must be between 0 and 1")]
    [InlineData("""Relu(From = "x")""", "Relu behind 'x': From is 'x', but without a name it belongs to the layer before it; give it a name of its own")]
    [InlineData("""Add("a")""", "Add 'a': the second operand is missing; name a layer, or give Scalar")]
    [InlineData("""Add("a", null!)""", "Add 'a': the second operand is missing; name a layer, or give Scalar")]
    [InlineData("""Add("a", "x", Scalar = 1)""", "Add 'a': operand names and Scalar are both given; keep one of them")]
    [InlineData("""Add("a", "x", "x", From = "x")""", "Add 'a': From and all operand names are given; remove From")]
    [InlineData("""Sub("a", "x", "x", "x")""", "Sub 'a': 3 operands are given; Sub has two")]
    [InlineData("""Div("a", Scalar = 0)""", "Div 'a': Scalar is 0; a divisor must have a finite reciprocal")]
    [InlineData("""Mul("a", Scalar = float.NegativeInfinity)""", "Mul 'a': Scalar is infinite; give a finite number")]
    [InlineData("""Concat("a", "x")""", "Concat 'a': 1 values are given; name all the values to join, two or more")]
    [InlineData("""Reshape("a")""", "Reshape 'a': it has no dimensions; give all of them, batch included")]
    [InlineData("""Reshape("a", 1, -2)""", "Reshape 'a': dims is -2; it must be at least -1")]
    [InlineData("""Slice("a", Ends = [1])""", "Slice 'a': Starts is missing; give the first element of each sliced dimension")]
    [InlineData("""Slice("a", Starts = [1])""", "Slice 'a': Ends is missing; give the element behind the last one of each sliced dimension")]
    [InlineData("""Slice("a", Starts = [1], Ends = [2], Axes = [1, 2])""", "Slice 'a': Axes has 2 entries and Starts has 1; give the same number")]
    [InlineData("""Split("a", 0)""", "Split 'a': parts is 0; it must be at least 1")]
    [InlineData("""Split("a", 2, Sizes = [3])""", "Split 'a': Sizes has 1 entries; it needs 2, one for each part")]
    [InlineData("""Pad("a")""", "Pad 'a': give either Padding, for all sides of the spatial dimensions, or Pads, for every dimension")]
    [InlineData("""Resize("a", Scale = 2, Height = 4, Width = 4)""", "Resize 'a': give exactly one of Scale, Height and Width, Sizes, or Scales")]
    [InlineData("""Resize("a", Height = 4)""", "Resize 'a': give both Height and Width")]
    [InlineData("""Resize("a", Scales = [1, 1, -1, 1])""", "Resize 'a': a scale must be above 0")]
    [InlineData("""Upsample("a", 0)""", "Upsample 'a': scale is 0; it must be at least 1")]
    [InlineData("""Relu("a"), Output("a", "a")""", "Output: 'a' is named twice; name each value once", """Output("a", "a")""")]
    [InlineData("""Parameter("a", 0)""", "Parameter 'a': dims is 0; it must be at least 1")]
    [InlineData("""Parameter("a", 100000, 100000)""", "Parameter 'a': the result 100000x100000 is larger than 268435455 elements")]
    [InlineData("""Split("s", 3), Softmax("a")""", "Softmax 'a': the layer before it is a Split with the values 's.0' to 's.2'; give it a name, and say in From which of them it reads", """Softmax("a")""")]
    public void An_option_must_be_possible(string attributes, string message, string? faulty = null) => Definition.LayersReport("CNN0010",
        message,
        $"[Input(\"x\", 3, 8, 8), {attributes.Replace(faulty ?? attributes, "{|" + (faulty ?? attributes) + "|}")}]");

    [Fact]
    public void An_input_has_dimensions() => Definition.LayersReport("CNN0010",
        "Input 'x': it has no dimensions; give those behind the batch, for example 3, 224, 224",
        """[{|Input("x")|}, Relu]""");

    [Theory]
    [InlineData("Network(Batch = 0)", "network 'Net': Batch is 0; it must be at least 1")]
    [InlineData("""Network(Weights = "")""", "network 'Net': Weights is empty; name a file, or leave it out")]
    public void Options_of_the_network_must_be_possible(string network, string message) => Definition.Reports("CNN0010",
        message,
        Definition.Source($"[{{|{network}|}}, Input(\"x\", 3), Relu]"));
}
