using System.Globalization;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Weights;

namespace CnnCodegen.Benchmarks;

/// <summary>A convolution to measure.</summary>
internal sealed record ConvShape(string Name, int InChannels, int Height, int Width, int OutChannels, int Kernel, int Stride, int Padding, int Groups)
{
    /// <summary>The 3x3 layers of a ResNet, for when no file is given.</summary>
    public static IReadOnlyList<ConvShape> Standard { get; } =
    [
        new("3x3_56x56x64", 64, 56, 56, 64, 3, 1, 1, 1),
        new("3x3_28x28x128", 128, 28, 28, 128, 3, 1, 1, 1),
        new("3x3_14x14x256", 256, 14, 14, 256, 3, 1, 1, 1),
        new("3x3_7x7x512", 512, 7, 7, 512, 3, 1, 1, 1),
        new("1x1_56x56_64_256", 64, 56, 56, 256, 1, 1, 0, 1),
        new("1x1_14x14_1024_256", 1024, 14, 14, 256, 1, 1, 0, 1),
        new("dw3x3_112x112x32", 32, 112, 112, 32, 3, 1, 1, 32),
    ];

    /// <summary>Reads lines of <c>name ci h w co k s p groups</c>; <c>#</c> begins a comment.</summary>
    public static IReadOnlyList<ConvShape> Read(string path) =>
    [
        .. File.ReadLines(path).Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length == 9)
            .Select(words =>
            {
                int[] n = [.. words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
                return new ConvShape(words[0], n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
            }),
    ];
}

/// <summary>
/// Measures the kernel of a single convolution in turn with the core's multiply-add peak, so that both see the same machine.
/// </summary>
internal sealed class LayerBenchmark(Isa isa, int rounds)
{
    /// <summary>Prints one line a layer: times, GFLOP/s and the share of the peak, best and median.</summary>
    public void Run(IEnumerable<ConvShape> shapes)
    {
        Console.WriteLine($"{"layer",-26} {"best us",9} {"median us",10} {"GFLOP/s",8} {"of peak",8} {"median",8}  tile");
        foreach (ConvShape shape in shapes) Run(shape);
    }

    private void Run(ConvShape shape)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, shape.InChannels, shape.Height, shape.Width)));
        Window window = Window.Square(2, shape.Kernel, shape.Stride, shape.Padding);
        int y = builder.Add("conv", new Conv(shape.OutChannels, window, shape.Groups), x);
        NetworkModel model = builder.Build(new NetworkType("Benchmark", "Layer"), y);

        Random random = new(1);
        float[] numbers(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle() - 0.5f)];
        using MemoryStream weights = new();
        SafetensorsWriter.Write(weights, model.WeightTensors().Select(t => (t.Name, t.Shape.Dims.ToArray(), (ReadOnlyMemory<float>)numbers(t.Shape.Elements))));
        weights.Position = 0;

        using CompiledNetwork compiled = NetworkCompiler.Compile(model, isa);
        using INetwork network = compiled.Load(weights);
        float[] input = numbers(model.Nodes[x].Shape.Elements), output = new float[model.Nodes[y].Shape.Elements];
        List<double> times = [], peaks = [];
        for (int round = -3; round < rounds; round++)
        {
            double peak = FmaPeak.Measure(isa);
            double time = network.Profile([input], [output], runs: 3).Layers.Where(l => IsKernel(l.Layer)).Sum(l => l.Microseconds);
            if (round < 0) continue;
            peaks.Add(peak);
            times.Add(time);
        }

        times.Sort();
        peaks.Sort();
        double flops = 2e-3 * network.Info.Macs;
        string tile = network.Info.Layers.Last(IsKernel).Algorithm;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{shape.Name,-26} {times[0],9:F1} {times[rounds / 2],10:F1} {flops / times[0],8:F1} {flops / times[0] / peaks[^1],8:P1} {flops / times[rounds / 2] / peaks[rounds / 2],8:P1}  {tile}"));
    }

    /// <summary>A step of the convolution itself, not a change of form around it.</summary>
    private static bool IsKernel(LayerInfo step) => step.Name.StartsWith("conv", StringComparison.Ordinal) && step.Algorithm != "reorder";
}
