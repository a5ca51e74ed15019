using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Model.Rewrites;

namespace CnnCodegen.Generator.Tests.Rewrites;

public class MergeClampsTests
{
    [Theory]
    [InlineData("Relu", 0, 0, 10, 255)]
    [InlineData("Relu6", 0, 0, 10, 22)]
    [InlineData("Clip", -1.3f, 2.2f, 7, 14)]
    [InlineData("Clip", -100, 1000, 0, 255)]
    public void Bound_becomes_a_bound_of_the_codes(string kind, float alpha, float beta, int low, int high)
    {
        (NetworkModel merged, NetworkModel written) = Merge(new Activation(Enum.Parse<ActivationKind>(kind), alpha, beta));
        Activation quantize = (Activation)merged.Nodes.Last().Layer;

        Assert.Equal([0], merged.Nodes.Last().Inputs);
        Assert.Equal((low, high), (quantize.Low, quantize.High));
        Assert.Equal(3, written.Nodes.Count);
    }

    [Theory]
    [InlineData("Clip", 0.5f, 2)]
    [InlineData("Clip", -3, -2)]
    [InlineData("LeakyRelu", 0.5f, 0)]
    public void Bound_that_excludes_zero_stays(string kind, float alpha, float beta)
    {
        (NetworkModel merged, NetworkModel written) = Merge(new Activation(Enum.Parse<ActivationKind>(kind), alpha, beta));
        Assert.Equal(written, merged);
    }

    [Fact]
    public void Quantisation_of_its_own_codes_disappears()
    {
        NetworkBuilder builder = new();
        Activation grid = new(ActivationKind.Quantize, 0.5f, 10) { High = 255 };
        int quantized = builder.Add("q", grid with { Low = 10 }, builder.Add("x", new Input(TensorShape.Of(1, 2, 4, 4))));
        int pool = builder.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), quantized);
        NetworkModel model = builder.Build(new NetworkType("", "Net"), builder.Add("again", grid, pool), builder.Add("other", grid with { Alpha = 0.25f }, pool));

        Assert.Equal([pool, 4], RemoveRequantizations.Apply(model).Outputs);
    }

    private static (NetworkModel Merged, NetworkModel Written) Merge(Activation bound)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, 2, 3, 3)));
        builder.Add("q", new Activation(ActivationKind.Quantize, 0.5f, 10) { High = 255 }, builder.Add("b", bound, x));
        NetworkModel model = builder.Build(new NetworkType("", "Net"));
        return (MergeClamps.Apply(model), model);
    }
}
