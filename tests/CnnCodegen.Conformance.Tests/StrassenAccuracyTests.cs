using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Algorithms.Strassen;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Strassen's algorithm keeps the bound of its README, and is nearly as accurate as direct convolution.</summary>
public class StrassenAccuracyTests
{
    private const double Unit = 1.0 / (1 << 24);
    private const int OutChannels = 32, Side = 10;

    /// <param name="kernel">Rows and columns of the kernel.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="relative">The root mean square of the error by that of the output.</param>
    [Theory]
    [InlineData(1, 16, 5e-7)]
    [InlineData(1, 512, 1.5e-6)]
    [InlineData(3, 64, 1.5e-6)]
    public void Errors_stay_within_the_bound(int kernel, int channels, double relative)
    {
        Case source = Case.Real($"Strassen{kernel}_{channels}", b =>
            [b.Add("y", new Conv(OutChannels, Window.Square(2, kernel, 1, kernel / 2)) { Algorithm = Generator.Model.ConvAlgorithm.Strassen }, b.Add("x", new Input(TensorShape.Of(1, channels, Side, Side))))]);
        CaseData data = new(source);
        double[] expected = new ErrorModel(source.Model, data.Weight).Run(data.Tensors(data.Inputs))[0].Value.Data;
        using CompiledNetwork compiled = NetworkCompiler.Compile(source.Model, Isa.Avx2);
        using INetwork network = compiled.Load(data.WeightFile(), new NetworkOptions { AllowEmulation = true });
        Assert.Contains(network.Info.Layers, layer => layer.Algorithm.StartsWith(StrassenAlgorithm.Id, StringComparison.Ordinal));

        double[] errors = [.. ProgramRun.Run(network, data.Inputs)[0].Zip(expected, (y, e) => Math.Abs(y - e))];
        Assert.InRange(errors.Max(), 1e-9, Bound(data, channels * kernel * kernel));
        Assert.InRange(Math.Sqrt(errors.Sum(e => e * e) / expected.Sum(e => e * e)), 1e-8, relative);
    }

    /// <summary>18 (n + 4) e (n max |w| max |x| + max |b|) for sums of n products.</summary>
    private static double Bound(CaseData data, int terms)
    {
        double max(ReadOnlyMemory<float> values) => values.ToArray().Max(MathF.Abs);
        return StrassenAlgorithm.Amplification * (terms + 4) * Unit * ((terms * max(data.Weight("y.weight")) * data.Inputs[0].Max(MathF.Abs)) + max(data.Weight("y.bias")));
    }
}
