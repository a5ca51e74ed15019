using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Winograd convolutions keep the bound of their README, and are as accurate as their transforms allow.</summary>
public class WinogradAccuracyTests
{
    private const double Unit = 1.0 / (1 << 24);
    private const int Side = 13, OutChannels = 24;

    /// <param name="m">Rows and columns of outputs of a tile.</param>
    /// <param name="r">Rows and columns of the kernel.</param>
    /// <param name="s">By how many rows and columns the kernel moves.</param>
    /// <param name="relative">The root mean square of the error by that of the output for 64 channels; it grows with the square root of the channels.</param>
    [Theory]
    [InlineData(2, 3, 1, 3.5e-7)]
    [InlineData(3, 3, 1, 1.0e-6)]
    [InlineData(4, 3, 1, 2.2e-6)]
    [InlineData(6, 3, 1, 4.4e-6)]
    [InlineData(2, 5, 1, 2.7e-6)]
    [InlineData(4, 5, 1, 4.0e-6)]
    [InlineData(2, 3, 2, 7e-7)]
    [InlineData(4, 3, 2, 1.5e-6)]
    [InlineData(6, 3, 2, 6e-6)]
    [InlineData(3, 7, 2, 3e-6)]
    [InlineData(4, 5, 3, 4e-6)]
    public void Errors_stay_within_the_bounds(int m, int r, int s, double relative)
    {
        Generator.Model.ConvAlgorithm algorithm = Enum.Parse<Generator.Model.ConvAlgorithm>($"Winograd{m}x{m}");
        foreach (int channels in new[] { 1, 8, 64, 300 })
        {
            Case source = Case.Real($"Accuracy{m}_{r}_{s}_{channels}", b =>
                [b.Add("y", new Conv(OutChannels, Window.Square(2, r, s, r / 2), Bias: false) { Algorithm = algorithm }, b.Add("x", new Input(TensorShape.Of(1, channels, Side, Side))))]);
            CaseData data = new(source);
            double[] expected = new ErrorModel(source.Model, data.Weight).Run(data.Tensors(data.Inputs))[0].Value.Data;
            using CompiledNetwork compiled = NetworkCompiler.Compile(source.Model with { Accuracy = Generator.Model.Accuracy.Fast }, Isa.Avx2);
            using INetwork network = compiled.Load(data.WeightFile(), new NetworkOptions { AllowEmulation = true });
            Assert.Contains(network.Info.Layers, layer => layer.Algorithm.StartsWith($"winograd{m}x{m}", StringComparison.Ordinal));
            double[] errors = [.. ProgramRun.Run(network, data.Inputs)[0].Zip(expected, (y, e) => Math.Abs(y - e))];

            double[] bounds = Bounds(PolyphaseFilter.Of(m, r, s), data, channels);
            int plane = errors.Length / OutChannels;
            Assert.All(errors, (error, i) => Assert.True(error <= bounds[i / plane], $"{channels} channels: {error} exceeds the bound {bounds[i / plane]}"));
            double rms = Math.Sqrt(errors.Sum(e => e * e) / expected.Sum(e => e * e));
            Assert.InRange(rms, 1e-8, relative * Math.Sqrt(Math.Max(channels, 64) / 64.0));
        }
    }

    /// <summary>f e (|A^T| |B^T| |G|)^2 * sum over c of max |w_c| max |x_c| for each output channel.</summary>
    private static double[] Bounds(PolyphaseFilter filter, CaseData data, int channels)
    {
        double factor = ((channels * filter.Stride * filter.Stride) + (6 * filter.Products)) * Unit * filter.Amplification;
        float[] weights = data.Weight("y.weight").ToArray();
        double[] x = [.. data.Inputs[0].Chunk(Side * Side).Select(plane => (double)plane.Max(MathF.Abs))];
        double[] w = [.. weights.Chunk(filter.Taps * filter.Taps).Select(taps => (double)taps.Max(MathF.Abs))];
        return [.. Enumerable.Range(0, OutChannels).Select(k => factor * Enumerable.Range(0, channels).Sum(c => w[(k * channels) + c] * x[c]))];
    }
}
