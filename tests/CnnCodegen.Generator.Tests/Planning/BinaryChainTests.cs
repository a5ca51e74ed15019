using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Planning;

/// <summary>From one binarised layer to the next, values stay bits.</summary>
public class BinaryChainTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_float_lies_between_binarised_layers(int seed)
    {
        NetworkModel model = Chain(new Random(seed));
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            StepPlan[] steps = [.. NetworkPlanner.Plan(model, isa).Steps];
            int first = Array.FindIndex(steps, s => s.OutputView.Form == Form.Bits), last = Array.FindIndex(steps, s => s.Layer == "fc");
            Assert.Contains(steps[first..last], s => s.Kernel.Algorithm is "popcount" or "sliced" or "nibbles");
            Assert.All(steps[first..last], s => Assert.Equal(Form.Bits, s.OutputView.Form));
            Assert.All(steps[(first + 1)..(last + 1)], s => Assert.Contains(s.Kernel.Algorithm, new[] { "popcount", "sliced", "nibbles", "bits" }));
            Assert.All(steps[(first + 1)..last], s => Assert.DoesNotContain("Pack_", s.Kernel.Name));
        }
    }

    [Fact]
    public void A_binarisation_moves_in_front_of_a_pooling()
    {
        NetworkBuilder builder = new();
        int conv = builder.Add("conv", new Conv(8, Window.Square(2, 3)), builder.Add("x", new Input(TensorShape.Of(1, 3, 8, 8))));
        builder.Add("signs", new Activation(ActivationKind.Binarize), builder.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), conv));

        StepPlan first = NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2).Steps[0];
        Assert.Equal("conv", first.Layer);
        Assert.EndsWith("+ Binarize", first.Description);
    }

    [Fact]
    public void An_image_of_too_many_borders_is_left_to_others()
    {
        NetworkBuilder builder = new();
        int x = builder.Add("b0", new Activation(ActivationKind.Binarize), builder.Add("x", new Input(TensorShape.Of(1, 8, 20, 20))));
        builder.Add("b1", new Activation(ActivationKind.Binarize), builder.Add("conv", new Conv(8, Window.Square(2, 17, 1, 8)) { Refinement = new BinaryWeight() }, x));

        StepPlan conv = NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2).Steps.Single(s => s.Macs > 0);
        Assert.All(["sliced", "nibbles", "popcount"], algorithm => Assert.Contains($"not {algorithm}: 289 different borders", conv.Reason));
    }

    private static NetworkModel Chain(Random random)
    {
        NetworkBuilder builder = new();
        int layer = 0, x = Add(new Activation(ActivationKind.Binarize), builder.Add("x", new Input(TensorShape.Of(1 + random.Next(2), 48 + random.Next(130), 12, 12))));
        for (int i = 2 + random.Next(5); i > 0; i--)
        {
            Refinement refinement = random.Next(3) == 0 ? new Bitwise(0.1) : new BinaryWeight();
            x = Add(new Conv(48 + random.Next(150), Window.Square(2, 3, 1, 1)) { Refinement = refinement }, x);
            if (random.Next(2) == 0) x = Add(new BatchNorm(), x);
            bool poolFirst = random.Next(2) == 0, pools = random.Next(3) == 0 && builder.Shape(x)[2] > 3;
            if (pools && poolFirst) x = Add(new Pool(PoolKind.Max, Window.Square(2, 2, 2)), x);
            x = Add(new Activation(ActivationKind.Binarize), x);
            if (pools && !poolFirst) x = Add(new Pool(PoolKind.Max, Window.Square(2, 3, 2, 1)), x);
            if (random.Next(4) == 0) x = Add(new Pad([0, 0, 1, 0], [0, 0, 0, 1], Value: random.Next(2) == 0 ? 1 : -1), x);
        }

        builder.Add("fc", new Linear(10) { Refinement = new BinaryWeight() }, Add(new Flatten(), x));
        return builder.Build(new NetworkType("Demo", "Net"));

        int Add(Layer added, int input) => builder.Add($"layer{layer++}", added, input);
    }
}
