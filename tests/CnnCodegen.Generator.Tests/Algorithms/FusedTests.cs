using CnnCodegen.Generator.Algorithms.Fused;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>Which pairs of layers are computed together.</summary>
public class FusedTests
{
    [Theory]
    [InlineData(32, 28, 192, true)]
    [InlineData(64, 14, 384, true)]
    [InlineData(160, 7, 960, true)]
    [InlineData(24, 14, 144, false)] // what lies between stays near anyway
    [InlineData(96, 14, 576, false)] // the first layer is not direct
    public void Expansions_and_depthwise_convolutions_that_exceed_half_the_second_level_cache(int channels, int side, int expanded, bool fused)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, channels, side, side)));
        int y = builder.Add("expand", new Conv(expanded, Window.Square(2, 1)), x);
        builder.Add("dw", new Conv(expanded, Window.Square(2, 3, 1, 1), expanded), y);
        NetworkPlan plan = NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2);

        Assert.Equal(fused, plan.Steps.Any(step => step.Kernel is FusedPlan));
    }
}
