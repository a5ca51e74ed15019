using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>Where Winograd convolutions are estimated to pay, and how those of large planes are cut.</summary>
public class WinogradBlockingTests
{
    [Theory]
    [InlineData(64, 56, 128, 3, 2, 1, "winograd4x4")]
    [InlineData(256, 28, 256, 3, 2, 1, "winograd2x2")] // the weights of larger tiles take longer to read
    [InlineData(3, 224, 64, 7, 2, 1, "winograd3x3")]
    [InlineData(3, 224, 32, 3, 2, 1, "direct")] // too few channels for the transforms
    [InlineData(64, 28, 64, 2, 2, 1, "direct")] // windows that do not overlap
    [InlineData(256, 28, 256, 3, 1, 2, "winograd4x4")]
    public void Taken_where_they_pay(int inChannels, int side, int outChannels, int kernel, int stride, int dilation, string algorithm)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, inChannels, side, side))), pad = dilation * (kernel / 2);
        builder.Add("c", new Conv(outChannels, new Window([kernel, kernel], [stride, stride], [dilation, dilation], [pad, pad], [pad, pad])), x);

        NetworkPlan plan = NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2);

        Assert.Contains(plan.Steps, s => s.Kernel.Algorithm == algorithm);
    }

    [Theory]
    [InlineData(64, 3)]
    [InlineData(256, 1)]
    public void Whole_layers_are_transformed_only_while_their_offsets_fit_an_int(int extent, int kernels)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, 2048, extent, extent)));
        builder.Add("c", new Conv(2048, Window.Square(2, 3, 1, 1)) { Algorithm = Generator.Model.ConvAlgorithm.Winograd2x2 }, x);

        NetworkPlan plan = NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2);

        Assert.Empty(plan.Refusals);
        Assert.Equal(kernels, plan.Steps.Count(s => s.Kernel.Algorithm == "winograd2x2"));
    }
}
