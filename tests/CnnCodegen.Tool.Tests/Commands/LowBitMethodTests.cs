using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Tests.Commands;

/// <summary>The first layer of a chain, a padded 3x3 convolution with biases, in few bits, against plain loops.</summary>
public sealed class LowBitMethodTests
{
    private const int Filters = 8, Channels = 2, Size = 5, Taps = 9;

    private readonly ImportedNetwork _network = SmallModels.Chain(Filters).Import();
    private readonly float[] _image = Noise(Channels * Size * Size);

    /// <summary>The image, and a fainter one: of both come means, of the first the extremes.</summary>
    private float[][] Samples => [_image, Array.ConvertAll(_image, x => x / 4)];

    private double Magnitude => Samples.Average(sample => sample.Average(x => (double)Math.Abs(x)));

    private float[] Weights => _network.Weight("first.weight");

    [Fact]
    public void BinaryScalesSignsByBothMeanMagnitudes() =>
        Check("binary", (k, sum) => sum((w, x) => Alpha(k) * Magnitude * Sign(w) * Sign(x)));

    [Fact]
    public void BitwiseLeavesOutTheSmallestWeights()
    {
        float threshold = Weights.Select(Math.Abs).Order().ElementAt((int)Math.Ceiling(0.4 * Weights.Length) - 1);
        double alpha(int k) => Filter(k).Select(Math.Abs).Where(w => w > threshold).Average(w => (double)w);

        Check("bitwise", (k, sum) => sum((w, x) => Math.Abs(w) > threshold ? alpha(k) * Magnitude * Sign(w) * Sign(x) : 0), (MethodCatalog.Zeros, 0.4));
    }

    [Fact]
    public void XnorScalesEachPixelByWhatItIsComputedFrom() =>
        Check("xnor", (k, sum) => sum((w, x) => Alpha(k) * Sign(w) * Sign(x)) * sum((_, x) => Math.Abs(x)) / (Channels * Taps));

    [Theory]
    [InlineData(3, 4)]
    [InlineData(1, 2)]
    [InlineData(32, 8)]
    [InlineData(2, 32)]
    public void DoReFaRoundsWeightsAndInputsToCodes(int weightBits, int inputBits)
    {
        double largest = Weights.Max(w => Math.Tanh(Math.Abs(w))), greatest = _image.Max(), mean = Weights.Average(w => (double)Math.Abs(w));
        int codes = (1 << Math.Min(inputBits, 8)) - 1, levels = (1 << Math.Min(weightBits, 8)) - 1;
        double grid(double w) => (2 * Math.Round(levels * ((Math.Tanh(w) / (2 * largest)) + 0.5)) / levels) - 1;
        double scale = Weights.Sum(w => w * grid(w)) / Weights.Sum(w => grid(w) * grid(w));
        double weight(double w) => weightBits switch { 1 => mean * Sign(w), 32 => w, _ => scale * grid(w) };
        double input(double x) => inputBits == 32 ? x : Math.Round(Math.Clamp(x / greatest, 0, 1) * codes) / codes * greatest;

        Check("dorefa", (_, sum) => sum((w, x) => weight(w) * input(x)), (MethodCatalog.WeightBits, weightBits), (MethodCatalog.ActivationBits, inputBits));
    }

    [Fact]
    public void LayersThatReadCodesAreComputedInIntegers()
    {
        ImportedNetwork wide = SmallModels.Chain(64).Import();
        int[] layers = [.. Enumerable.Range(0, wide.Model.Nodes.Count).Where(i => wide.Model.Nodes[i].Layer is WeightedLayer)];
        CompressionJob job = new(wide, layers, [new ReadOnlyMemory<float>[] { _image }], TargetIsa.Portable, new Dictionary<string, double> { [MethodCatalog.WeightBits] = 4, [MethodCatalog.ActivationBits] = 4 });

        StepPlan[] steps = [.. NetworkPlanner.Plan(MethodCatalog.Find("dorefa").Apply(job).Model with { Accuracy = Generator.Model.Accuracy.Strict }, Isa.Avx2).Steps];

        Assert.Contains("DoReFa 4 + Quantize", steps.First(s => s.Layer == "first").Description, StringComparison.Ordinal);
        Assert.Equal("int8", steps.Last(s => s.WeightBytes > 0).Kernel.Algorithm);
    }

    [Theory]
    [InlineData("bitwise", 1, 4)]
    [InlineData("dorefa", 0.5, 9)]
    [InlineData("dorefa", 0.5, 0)]
    public void OtherNumbersAreRefused(string method, double zeros, double bits) =>
        Assert.Throws<CommandException>(() => MethodCatalog.Find(method).Apply(Job((MethodCatalog.Zeros, zeros), (MethodCatalog.WeightBits, bits), (MethodCatalog.ActivationBits, 4))));

    [Theory]
    [InlineData("binary")]
    [InlineData("dorefa")]
    public void SamplesThatAreNoNumbersAreRefused(string method)
    {
        _image[3] = float.NaN;

        CommandException refusal = Assert.Throws<CommandException>(() => MethodCatalog.Find(method).Apply(Job((MethodCatalog.WeightBits, 4), (MethodCatalog.ActivationBits, 4))));

        Assert.StartsWith("x: element 3 is NaN on sample 1", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A pixel of a filter's result without the bias: it is given the filter, and how to sum over the taps inside the image.</summary>
    private delegate double Pixel(int filter, Func<Func<double, double, double>, double> sum);

    private void Check(string method, Pixel expected, params (string, double)[] options)
    {
        ImportedNetwork changed = MethodCatalog.Find(method).Apply(Job(options));
        int layer = Array.FindLastIndex([.. changed.Model.Nodes], n => n.Name == "first" || n.Name == LowBits.ResultOf("first"));
        using NodeRunner runner = new(changed, [layer], TargetIsa.Portable);
        float[] y = runner.Run([_image])[0];
        for (int i = 0; i < y.Length; i++)
        {
            int filter = i / (Size * Size), row = i / Size % Size, column = i % Size;
            double value = expected(filter, term => Sum(filter, row, column, term)) + _network.Weight("first.bias")[filter];
            Assert.Equal(value, y[i], 1e-4);
        }
    }

    private double Sum(int filter, int row, int column, Func<double, double, double> term)
    {
        double sum = 0;
        for (int c = 0; c < Channels; c++)
            for (int u = -1; u <= 1; u++)
                for (int v = -1; v <= 1; v++)
                    if (row + u is >= 0 and < Size && column + v is >= 0 and < Size)
                        sum += term(Weights[(((filter * Channels) + c) * Taps) + ((u + 1) * 3) + v + 1], _image[(((c * Size) + row + u) * Size) + column + v]);
        return sum;
    }

    private CompressionJob Job(params (string Option, double Value)[] options)
    {
        int first = Array.FindIndex([.. _network.Model.Nodes], n => n.Name == "first");
        return new CompressionJob(_network, [first], [.. Samples.Select(sample => new ReadOnlyMemory<float>[] { sample })], TargetIsa.Portable, options.ToDictionary(o => o.Option, o => o.Value));
    }

    private double Alpha(int filter) => Filter(filter).Average(w => (double)Math.Abs(w));

    private float[] Filter(int filter) => Weights[(filter * Channels * Taps)..((filter + 1) * Channels * Taps)];

    private static int Sign(double x) => x >= 0 ? 1 : -1;

    private static float[] Noise(int length)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
