using System.Globalization;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

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
        using SingleLayer layer = new(shape.Layer, isa, threads: 1, shape.Input);
        List<double> times = [], peaks = [];
        for (int round = -3; round < rounds; round++)
        {
            double peak = FmaPeak.Measure(isa), time = layer.Time(runs: 3);
            if (round < 0) continue;
            peaks.Add(peak);
            times.Add(time);
        }

        times.Sort();
        peaks.Sort();
        double flops = 2e-3 * layer.Macs;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{shape.Name,-26} {times[0],9:F1} {times[rounds / 2],10:F1} {flops / times[0],8:F1} {flops / times[0] / peaks[^1],8:P1} {flops / times[rounds / 2] / peaks[rounds / 2],8:P1}  {layer.Algorithm}"));
    }
}
