using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;
using CnnCodegen.Generator.Algorithms.Fft;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests;

/// <summary>The rounding errors of convolutions in the Fourier domain against float64: the bound of the algorithm's README, and what is usual.</summary>
public class FourierAccuracyTests
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>Root mean square of errors over that of the results, in units of rounding; about 2 are measured.</summary>
    private const double Usual = 6;

    /// <summary>Cases with windows of at least 16 taps that the algorithm takes.</summary>
    public static TheoryData<string> Cases =>
    [
        .. CaseGroups.All["Convolution"].Cases.Where(c => c.Model.Nodes.Any(n => n.Layer is Conv { Window: { Rank: <= 2 } w }
            && w.Strides.All(stride => stride == 1) && w.Kernel.Aggregate(1, (a, b) => a * b) >= 16)).Select(c => c.Name),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Errors_are_within_the_bound_and_usually_far_below(string name)
    {
        CaseGroup group = CaseGroups.All["Convolution"];
        Case source = group[name];
        CaseData data = new(source);
        double[] expected = new ErrorModel(source.Model, data.Weight).Run(data.Tensors(data.Inputs))[0].Value.Data;
        Variant[] variants = [.. group.VariantsOf(name).Where(v => v.Algorithms.Contains(FftAlgorithm.Id))];
        Assert.NotEmpty(variants);
        foreach (Variant variant in variants)
        {
            using NetworkHost network = ProgramRun.Open(group.Batch.Program(variant), data);
            double[] errors = [.. ProgramRun.Run(network, data.Inputs)[0].Select((y, i) => Math.Abs(y - expected[i]))];
            Assert.All(errors.Select((error, i) => (error, i)), e => Assert.True(e.error <= Bound(source.Model, data, e.i), $"{variant}: error {e.error} of element {e.i}"));
            Assert.InRange(Norm(errors) / Norm(expected), 0, Usual * Unit);
        }
    }

    /// <summary>u (14 log2 P + C + 4) times the sum over input channels of |w| |x|, with at most 2^14 points P.</summary>
    private static double Bound(NetworkModel model, CaseData data, int element)
    {
        Node node = model.Nodes.Single(n => n.Layer is Conv);
        Conv conv = (Conv)node.Layer;
        TensorShape x = model.InputShapes(node)[0], y = node.Shape;
        int inPlane = (int)(x.Elements / x[0] / x[1]), outPlane = (int)(y.Elements / y[0] / y[1]), channels = x[1] / conv.Groups;
        int taps = conv.Window.Kernel.Aggregate(1, (a, b) => a * b);
        int image = element / (outPlane * y[1]), filter = element / outPlane % y[1], group = filter / (y[1] / conv.Groups);
        float[] weights = data.Weight(node.Name + ".weight").ToArray();
        double sum = conv.Bias ? Math.Abs(data.Weight(node.Name + ".bias").Span[filter]) : 0;
        for (int c = 0; c < channels; c++)
        {
            double[] w = [.. weights.Skip(((filter * channels) + c) * taps).Take(taps).Select(v => (double)v)];
            double[] plane = [.. data.Inputs[0].Skip(((image * x[1]) + (group * channels) + c) * inPlane).Take(inPlane).Select(v => (double)v)];
            sum += Norm(w) * Norm(plane);
        }

        return Unit * ((14 * 14) + channels + 4) * sum;
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
