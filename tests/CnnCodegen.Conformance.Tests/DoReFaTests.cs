using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Weights;

namespace CnnCodegen.Conformance.Tests;

/// <summary>
/// Layers of few bits give the very codes of their definition (Zhou et al. 2016, equations 5 to 11), computed with whole numbers in plain loops: half-way
/// cases, among them 0.5 itself, round to even.
/// </summary>
public class DoReFaTests
{
    private const int InChannels = 21, Channels = 20, OutChannels = 9, Height = 7, Width = 6;

    private readonly Random _random = new(3);

    public static TheoryData<int, int, string, string> Layers
    {
        get
        {
            TheoryData<int, int, string, string> data = [];
            foreach (string isa in Enum.GetNames<Isa>())
            {
                foreach ((int weightBits, int bits) in new[] { (1, 1), (1, 2), (1, 8), (2, 2), (4, 4), (7, 8), (8, 2), (8, 8) }) data.Add(weightBits, bits, "Int8", isa);
                foreach ((int weightBits, int bits) in new[] { (1, 1), (1, 2), (1, 3), (1, 4), (2, 2), (2, 4), (3, 2) }) data.Add(weightBits, bits, "Sliced", isa);
            }

            return data;
        }
    }

    /// <param name="weightBits">Bits of the weights.</param>
    /// <param name="bits">Bits of the activations.</param>
    /// <param name="algorithm">How the layers are computed.</param>
    /// <param name="isa">The instruction set.</param>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Codes_are_those_of_the_definition(int weightBits, int bits, string algorithm, string isa)
    {
        int levels = (1 << bits) - 1;
        Activation quantize = new(ActivationKind.Quantize, 1f / levels) { High = levels, Levels = levels };
        Generator.Model.ConvAlgorithm pin = Enum.Parse<Generator.Model.ConvAlgorithm>(algorithm);
        Refinement refinement = weightBits == 1 ? new BinaryWeight() : new DoReFa(weightBits);
        Case source = Case.Real($"DoReFa{weightBits}_{bits}", b =>
        {
            int x = b.Add("q0", quantize, b.Add("x", new Input(TensorShape.Of(1, InChannels, Height, Width))));
            int y = b.Add("q1", quantize, b.Add("c1", new Conv(Channels, Window.Square(2, 3, 1, 1)) { Refinement = refinement, Algorithm = pin }, x));
            return [b.Add("q2", quantize, b.Add("c2", new Conv(OutChannels, Window.Square(2, 2, 1, 0)) { Refinement = refinement, Algorithm = pin }, y))];
        });
        int[] first = Weights(weightBits, Channels * InChannels * 9), second = Weights(weightBits, OutChannels * Channels * 4);
        float[] x = [.. Enumerable.Range(0, InChannels * Height * Width).Select(i => i % 5 == 0 ? 0.5f : (_random.NextSingle() * 1.5f) - 0.25f)];

        using MemoryStream file = new();
        // The epilogue of the integer kernel rounds its factor, where that is not 1: there a half-way case may fall to either side.
        float half = algorithm == "Int8" && weightBits > 1 ? 0.25f : 0.5f;
        float[] halves = [.. Enumerable.Repeat(half, Channels)], last = [.. Enumerable.Range(0, OutChannels).Select(i => half * (i % 4))];
        float grid = weightBits == 1 ? 1 : (1 << weightBits) - 1;
        SafetensorsWriter.Write(file,
        [
            ("c1.weight", [Channels, InChannels, 3, 3], Array.ConvertAll(first, w => w / grid)), ("c1.bias", [Channels], halves),
            ("c2.weight", [OutChannels, Channels, 2, 2], Array.ConvertAll(second, w => w / grid)), ("c2.bias", [OutChannels], last),
        ]);
        file.Position = 0;
        using CompiledNetwork compiled = NetworkCompiler.Compile(source.Model, Enum.Parse<Isa>(isa));
        using INetwork network = compiled.Load(file, new NetworkOptions { AllowEmulation = true });
        float[] y = ProgramRun.Run(network, [x])[0];

        int[] codes = Array.ConvertAll(x, v => (int)Math.Round(Math.Clamp((double)v, 0, 1) * levels));
        codes = Convolve(codes, first, halves, Channels, InChannels, Height, Width, kernel: 3, stride: 1, pad: 1, levels, (int)grid);
        codes = Convolve(codes, second, last, OutChannels, Channels, Height, Width, kernel: 2, stride: 1, pad: 0, levels, (int)grid);
        Assert.Equal(Array.ConvertAll(codes, code => (float)code / levels), y);
        Assert.True(codes.Distinct().Count() > 1);
        Assert.Equal(2, network.Info.Layers.Count(layer => layer.Algorithm.StartsWith(algorithm.ToLowerInvariant(), StringComparison.Ordinal)));
    }

    /// <summary>Codes of weights, odd numbers.</summary>
    private int[] Weights(int bits, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * _random.Next(1 << bits)) - (1 << bits) + 1)];

    /// <summary>n (S / (m n) + b) rounded to even and clipped, where S is the sum of the products of codes: (2 S + 2 m n b) / (2 m) as whole numbers.</summary>
    private static int[] Convolve(int[] x, int[] w, float[] bias, int channels, int inChannels, int height, int width, int kernel, int stride, int pad, int levels, int grid)
    {
        int outHeight = ((height + (2 * pad) - kernel) / stride) + 1, outWidth = ((width + (2 * pad) - kernel) / stride) + 1;
        int[] y = new int[channels * outHeight * outWidth];
        for (int i = 0; i < y.Length; i++)
        {
            (int k, int row, int column) = (i / (outHeight * outWidth), i / outWidth % outHeight, i % outWidth);
            int sum = 0;
            for (int tap = 0; tap < inChannels * kernel * kernel; tap++)
            {
                (int c, int u, int v) = (tap / (kernel * kernel), (row * stride) - pad + (tap / kernel % kernel), (column * stride) - pad + (tap % kernel));
                if (u >= 0 && u < height && v >= 0 && v < width) sum += w[(k * inChannels * kernel * kernel) + tap] * x[(((c * height) + u) * width) + v];
            }

            // Biases are whole eighths: 8 sum + grid * levels * 8 bias, by 8 grid.
            long numerator = (8L * sum) + ((long)grid * levels * (long)(8 * bias[k])), denominator = 8L * grid;
            long below = Math.DivRem(numerator - Modulo(numerator, denominator), denominator).Quotient, twice = 2 * Modulo(numerator, denominator);
            long code = twice < denominator || (twice == denominator && below % 2 == 0) ? below : below + 1;
            y[i] = (int)Math.Clamp(code, 0, levels);
        }

        return y;
    }

    private static long Modulo(long number, long divisor) => ((number % divisor) + divisor) % divisor;
}
