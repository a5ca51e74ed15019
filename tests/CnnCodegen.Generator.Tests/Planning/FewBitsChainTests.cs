using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Planning;

/// <summary>From one layer of a DoReFa-Net to the next, values stay codes, and no layer is computed in floats where nothing may round more.</summary>
public class FewBitsChainTests
{
    /// <param name="weightBits">Bits of the weights.</param>
    /// <param name="bits">Bits of the activations.</param>
    /// <param name="algorithm">What takes layers of that many bits and stride 1.</param>
    [Theory]
    [InlineData(1, 2, "sliced")]
    [InlineData(2, 2, "int8winograd4x4")]
    [InlineData(4, 4, "int8winograd4x4")]
    [InlineData(7, 8, "int8winograd4x4")]
    public void No_float_lies_between_layers_of_codes(int weightBits, int bits, string algorithm)
    {
        int levels = (1 << bits) - 1;
        Activation quantize = new(ActivationKind.Quantize, 1f / levels) { High = levels, Levels = levels };
        Refinement refinement = weightBits == 1 ? new BinaryWeight() : new DoReFa(weightBits);
        NetworkBuilder builder = new();
        int x = builder.Add("codes", quantize, builder.Add("x", new Input(TensorShape.Of(1, 64, 28, 28))));
        x = Add("c1", new Conv(96, Window.Square(2, 3, 1, 1)), x);
        x = builder.Add("pool", new Pool(PoolKind.Max, Window.Square(2, 2, 2)), x);
        x = Add("c2", new Conv(128, Window.Square(2, 3, 1, 1)), x);
        x = Add("c3", new Conv(128, Window.Square(2, 3, 2, 1)), x);
        builder.Add("fc", new Linear(10) { Refinement = refinement }, x);
        NetworkModel model = builder.Build(new NetworkType("Demo", "Net")) with { Accuracy = Generator.Model.Accuracy.Strict };

        StepPlan[] steps = [.. NetworkPlanner.Plan(model, Isa.Avx2).Steps];
        int first = Array.FindIndex(steps, s => s.Layer == "c1"), last = Array.FindIndex(steps, s => s.Layer == "fc");
        Assert.All(steps[first..last], s => Assert.Equal(Form.Codes, s.OutputView.Form));
        Assert.Equal([algorithm, "code pool", algorithm, "int8winograd2x2", "int8"], steps[first..(last + 1)].Select(s => s.Kernel.Algorithm));

        int Add(string name, Conv conv, int input) => builder.Add(name + ".quantize", quantize, builder.Add(name + ".norm", new BatchNorm(), builder.Add(name, conv with { Refinement = refinement }, input)));
    }
}
