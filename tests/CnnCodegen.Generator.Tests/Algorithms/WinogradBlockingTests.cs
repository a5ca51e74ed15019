using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Algorithms;

/// <summary>How Winograd convolutions of large planes are cut.</summary>
public class WinogradBlockingTests
{
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
