using System.Globalization;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>
/// Convolutions of 8 bits, codes in and out, by direct sums and by fewer products (minimal filtering, Strassen) where that is possible, in turn with the same convolution in
/// float32: by the direct algorithm (depthwise where it is one), and by the best one. Times are those of the kernels, without changes of layout.
/// </summary>
internal sealed class Int8Benchmark(Isa isa, int rounds)
{
    private const int Runs = 3;

    private static readonly Generator.Model.ConvAlgorithm[] Fewer =
    [
        Generator.Model.ConvAlgorithm.Int8Winograd2x2, Generator.Model.ConvAlgorithm.Int8Winograd3x3, Generator.Model.ConvAlgorithm.Int8Winograd4x4, Generator.Model.ConvAlgorithm.Int8Strassen,
    ];

    public void Run(IReadOnlyList<ConvShape> shapes)
    {
        Console.WriteLine($"{"layer",-24} {"int8 us",9} {"Gop/s",7} {"fewer",9} {"direct us",10} {"faster",7} {"best us",9} {"faster",7}  {"best",-12} kernel");
        foreach (ConvShape shape in shapes)
        {
            using SingleLayer codes = SingleLayer.OfCodes(shape.Layer with { Algorithm = Generator.Model.ConvAlgorithm.Int8 }, isa, shape.Input);
            SingleLayer[] pinned = [.. Fewer.Select(algorithm => SingleLayer.OfCodes(shape.Layer with { Algorithm = algorithm }, isa, shape.Input))];
            SingleLayer[] fewer = [.. pinned.Where(layer => layer.Algorithm.StartsWith("int8winograd", StringComparison.Ordinal) || layer.Algorithm.StartsWith("int8strassen", StringComparison.Ordinal))];
            using SingleLayer direct = new(shape.Layer with { Algorithm = shape.Groups > 1 ? Generator.Model.ConvAlgorithm.Auto : Generator.Model.ConvAlgorithm.Direct }, isa, 1, shape.Input);
            using SingleLayer best = new(shape.Layer, isa, 1, shape.Input);
            SingleLayer[] layers = [codes, direct, best, .. fewer];
            double[] times = [.. Enumerable.Repeat(double.MaxValue, layers.Length)];
            for (int round = 0; round < rounds; round++)
                for (int i = 0; i < layers.Length; i++) times[i] = Math.Min(times[i], layers[i].Time(Runs));
            double least = times.Skip(layers.Length - fewer.Length).DefaultIfEmpty(double.MaxValue).Min(), fastest = Math.Min(times[0], least);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{shape.Name,-24} {times[0],9:F1} {2e-3 * codes.Macs / fastest,7:F0} {(fewer.Length > 0 ? least.ToString("F1", CultureInfo.InvariantCulture) : "-"),9} {times[1],10:F1} {times[1] / fastest,7:F2} {times[2],9:F1} {times[2] / fastest,7:F2}  {best.Algorithm.Split(',')[0],-12} {string.Join("; ", fewer.Select((layer, i) => $"{times[layers.Length - fewer.Length + i]:F0} {layer.Algorithm}"))}"));
            foreach (SingleLayer layer in pinned) layer.Dispose();
        }
    }
}
