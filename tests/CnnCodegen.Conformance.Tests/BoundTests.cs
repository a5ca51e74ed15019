using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests;

/// <summary>The bounds that kernels are judged by are as tight as they claim.</summary>
public class BoundTests
{
    [Theory]
    [InlineData("Convolution", "Conv3x3_C32_16_Batch3")]
    [InlineData("Convolution", "Transpose3x3_Stride2_OutputPadding")]
    [InlineData("Pooling", "MaxPool3x3_Stride2_Pad1_Blocked")]
    [InlineData("Elementwise", "BatchNorm")]
    [InlineData("Elementwise", "PRelu_PerChannel")]
    [InlineData("Movement", "Linear_37_10")]
    [InlineData("Movement", "Pad_Reflect")]
    [InlineData("Graph", "Conv_Norm_Residual_Relu")]
    [InlineData("Graph", "ResidualOnBorders")]
    [InlineData("Graph", "InPlaceChain")]
    public void Integers_must_be_exact(string group, string name) => Assert.All(Expected(group, name), bounded => Assert.True(bounded.IsExact));

    [Theory]
    [InlineData("Convolution", "ConvReal3x3")]
    [InlineData("Pooling", "AveragePool3x3_Pad1")]
    [InlineData("Pooling", "ResizeLinear2x")]
    [InlineData("Elementwise", "Sigmoid_Both")]
    [InlineData("Elementwise", "Softmax_Axis1")]
    [InlineData("Elementwise", "InstanceNorm")]
    [InlineData("Elementwise", "LocalResponseNorm")]
    public void Reals_may_be_wrong_by_little(string group, string name)
    {
        foreach (Bounded bounded in Expected(group, name))
        {
            double largest = bounded.Value.Data.Max(Math.Abs);
            Assert.InRange(bounded.MaxError, 1e-9, 2e-4 * largest);
        }
    }

    [Fact]
    public void Result_outside_the_bound_is_named()
    {
        Bounded bounded = new(new ReferenceTensor([3], [1, 2, double.NaN]), new ReferenceTensor([3], [0, 0.5, 0]));

        Assert.Null(bounded.Check([1, 2.5f, float.NaN]));
        Assert.Equal("element 0 of 3 is 1.0000001, expected 1 +- 0", bounded.Check([MathF.BitIncrement(1), 2, float.NaN]));
        Assert.Equal("element 1 of 3 is 2.6, expected 2 +- 0.5", bounded.Check([1, 2.6f, float.NaN]));
        Assert.Equal("element 1 of 3 is NaN, expected 2 +- 0.5", bounded.Check([1, float.NaN, float.NaN]));
        Assert.Equal("element 2 of 3 is 0, expected NaN +- 0", bounded.Check([1, 2, 0]));
    }

    private static Bounded[] Expected(string group, string name)
    {
        Case source = CaseGroups.All[group][name];
        CaseData data = new(source);
        return new ErrorModel(source.Model, data.Weight).Run(data.Tensors(data.Inputs));
    }
}
