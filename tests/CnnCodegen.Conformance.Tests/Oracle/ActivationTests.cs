using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class ActivationTests
{
    /// <summary>Kind, alpha, beta, x, y.</summary>
    public static TheoryData<string, float, float, double, double> Values => new()
    {
        { nameof(ActivationKind.Relu), 0, 0, -2, 0 },
        { nameof(ActivationKind.Relu), 0, 0, 2, 2 },
        { nameof(ActivationKind.Relu6), 0, 0, 7, 6 },
        { nameof(ActivationKind.Relu6), 0, 0, -1, 0 },
        { nameof(ActivationKind.Clip), -1, 2, -3, -1 },
        { nameof(ActivationKind.Clip), -1, 2, 1.5, 1.5 },
        { nameof(ActivationKind.Clip), -1, 2, 3, 2 },
        { nameof(ActivationKind.LeakyRelu), 0.25f, 0, -4, -1 },
        { nameof(ActivationKind.LeakyRelu), 0.25f, 0, 4, 4 },
        { nameof(ActivationKind.Elu), 2, 0, -1, -1.2642411176571153 },
        { nameof(ActivationKind.Elu), 1, 0, double.NegativeInfinity, -1 },
        { nameof(ActivationKind.Elu), 1, 0, 3, 3 },
        { nameof(ActivationKind.Sigmoid), 0, 0, 0, 0.5 },
        { nameof(ActivationKind.Sigmoid), 0, 0, 2, 0.8807970779778823 },
        { nameof(ActivationKind.Sigmoid), 0, 0, -1000, 0 },
        { nameof(ActivationKind.Tanh), 0, 0, 0.5, 0.46211715726000973 },
        { nameof(ActivationKind.HardSigmoid), 0.25f, 0.5f, 1, 0.75 },
        { nameof(ActivationKind.HardSigmoid), 0.25f, 0.5f, -4, 0 },
        { nameof(ActivationKind.HardSigmoid), 0.25f, 0.5f, 4, 1 },
        { nameof(ActivationKind.HardSwish), 0, 0, 1, 2.0 / 3 },
        { nameof(ActivationKind.HardSwish), 0, 0, -3, 0 },
        { nameof(ActivationKind.HardSwish), 0, 0, 4, 4 },
        { nameof(ActivationKind.Softplus), 0, 0, 0, 0.6931471805599453 },
        { nameof(ActivationKind.Softplus), 0, 0, 1000, 1000 },
        { nameof(ActivationKind.Exp), 0, 0, 1, Math.E },
        { nameof(ActivationKind.Sqrt), 0, 0, 2.25, 1.5 },
        { nameof(ActivationKind.Sqrt), 0, 0, -1, double.NaN },
        { nameof(ActivationKind.Sign), 0, 0, -3, -1 },
        { nameof(ActivationKind.Sign), 0, 0, 0, 0 },
        { nameof(ActivationKind.Sign), 0, 0, 3, 1 },
        { nameof(ActivationKind.Binarize), 0, 0, -0.5, -1 },
        { nameof(ActivationKind.Binarize), 0, 0, -0.0, 1 },
        { nameof(ActivationKind.Binarize), 0, 0, 3, 1 },
        { nameof(ActivationKind.Affine), 2, -1, 3, 5 },
        { nameof(ActivationKind.Pow), 3, 0, -2, -8 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Literal_value(string kind, float alpha, float beta, double x, double y) =>
        Expect.Close(SingleLayer.Run(new Activation(Enum.Parse<ActivationKind>(kind), alpha, beta), Expect.Tensor([1, 1], x)), [1, 1], [y], 1e-15);

    [Theory]
    [InlineData(0.6, 0.5)]
    [InlineData(0.75, 1)]
    [InlineData(0.25, 0)]
    [InlineData(-9, -1.5)]
    [InlineData(9, 6)]
    public void Quantisation_rounds_to_even_codes_and_clips(double x, double y) => Expect.Close(
        SingleLayer.Run(new Activation(ActivationKind.Quantize, 0.5f, 3) { Low = 0, High = 15 }, Expect.Tensor([1, 1], x)), [1, 1], [y]);

    [Fact]
    public void NaN_stays_NaN_in_every_kind()
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
            Expect.Close(SingleLayer.Run(new Activation(kind, kind == ActivationKind.Quantize ? 1 : 0), Expect.Tensor([1, 1], double.NaN)), [1, 1], [double.NaN]);
    }

    [Fact]
    public void Small_arguments_keep_their_digits()
    {
        Assert.Equal(-1e-20, Activations.Elu(-1e-20, 1), 1e-35);
        Assert.Equal(Math.Exp(-50), Activations.Softplus(-50), 1e-36);
    }
}
