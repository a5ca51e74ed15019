using System.Globalization;
using CnnCodegen.Generator.Planning;
using Pin = CnnCodegen.Generator.Model.ConvAlgorithm;

namespace CnnCodegen.Benchmarks;

/// <summary>
/// Convolutions of one bit, with packed bits in and out and thresholds applied, in turn with the same convolution in float32: by the direct
/// algorithm, and by the best one; and by each algorithm for bits, where it can compute them. Then the same with weights and codes of a few bits, by planes
/// of bits and by integers. Times are those of the kernels, without changes of layout.
/// </summary>
internal sealed class BinaryBenchmark(Isa isa, int rounds)
{
    private const int Runs = 3;

    public void Run(IReadOnlyList<ConvShape> shapes)
    {
        Console.WriteLine($"{"layer",-18} {"bits us",9} {"Gop/s",7} {"direct us",10} {"faster",7} {"best us",9} {"faster",7} {"popcount",9} {"nibbles",9} {"sliced",9}  chosen, best");
        foreach (ConvShape shape in shapes.Where(shape => shape.Groups == 1))
        {
            using SingleLayer bits = SingleLayer.OfBits(shape.Layer, isa, shape.Input);
            using SingleLayer direct = new(shape.Layer with { Algorithm = Pin.Direct }, isa, 1, shape.Input);
            using SingleLayer best = new(shape.Layer, isa, 1, shape.Input);
            using SingleLayer popcount = SingleLayer.OfBits(shape.Layer with { Algorithm = Pin.Popcount }, isa, shape.Input);
            using SingleLayer nibbles = SingleLayer.OfBits(shape.Layer with { Algorithm = Pin.Nibbles }, isa, shape.Input);
            using SingleLayer sliced = SingleLayer.OfBits(shape.Layer with { Algorithm = Pin.Sliced }, isa, shape.Input);
            double[] times = Best(bits, direct, best, popcount, nibbles, sliced);
            if (!sliced.Algorithm.StartsWith("sliced", StringComparison.Ordinal)) times[5] = double.NaN;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{shape.Name,-18} {times[0],9:F1} {2e-3 * bits.Macs / times[0],7:F0} {times[1],10:F1} {times[1] / times[0],7:F1} {times[2],9:F1} {times[2] / times[0],7:F1} {times[3],9:F1} {times[4],9:F1} {times[5],9:F1}  {bits.Algorithm}; {best.Algorithm}"));
        }
    }

    /// <summary>Layers of DoReFa-Nets, of weights and activations of so many bits.</summary>
    public void RunFewBits(IReadOnlyList<ConvShape> shapes)
    {
        (int Weights, int Codes)[] bits = [(1, 2), (1, 3), (1, 4), (2, 2), (2, 4), (4, 4)];
        Console.WriteLine();
        Console.WriteLine($"{"layer",-18} {"bits",5} {"us",9} {"Gop/s",7} {"direct us",10} {"faster",7} {"best us",9} {"faster",7} {"sliced",9} {"int8",9}  chosen, best");
        foreach (ConvShape shape in shapes.Where(shape => shape.Groups == 1))
        {
            foreach ((int weights, int codes) in bits)
            {
                SingleLayer few(Pin pin) => SingleLayer.OfFewBits(shape.Layer with { Algorithm = pin }, weights, codes, isa, shape.Input);
                using SingleLayer chosen = few(Pin.Auto), sliced = few(Pin.Sliced), int8 = few(Pin.Int8);
                using SingleLayer direct = new(shape.Layer with { Algorithm = Pin.Direct }, isa, 1, shape.Input), best = new(shape.Layer, isa, 1, shape.Input);
                double[] times = Best(chosen, direct, best, sliced, int8);
                if (!sliced.Algorithm.StartsWith("sliced", StringComparison.Ordinal)) times[3] = double.NaN;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{shape.Name,-18} {$"{weights}x{codes}",5} {times[0],9:F1} {2e-3 * chosen.Macs / times[0],7:F0} {times[1],10:F1} {times[1] / times[0],7:F1} {times[2],9:F1} {times[2] / times[0],7:F1} {times[3],9:F1} {times[4],9:F1}  {chosen.Algorithm}; {best.Algorithm}"));
            }
        }
    }

    /// <summary>The best times of layers in turn.</summary>
    private double[] Best(params SingleLayer[] layers)
    {
        double[] times = [.. layers.Select(_ => double.MaxValue)];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < layers.Length; i++) times[i] = Math.Min(times[i], layers[i].Time(Runs));
        return times;
    }
}
