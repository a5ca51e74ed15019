using System.Globalization;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>
/// Compares convolutions and linear layers of which a random part of the weights is zero with the dense kernels. All kernels of a layer take turns,
/// on one thread, so that they see the same machine.
/// </summary>
internal sealed class SparseBenchmark(Isa isa, int rounds)
{
    private static readonly double[] Densities = [0.4, 0.2, 0.1, 0.05];

    /// <summary>Dense algorithms that may be the best one, for layers of one group, for 1x1 kernels and for one filter a channel.</summary>
    private static readonly Generator.Model.ConvAlgorithm[]
        Dense = [Generator.Model.ConvAlgorithm.Direct, Generator.Model.ConvAlgorithm.Winograd2x2, Generator.Model.ConvAlgorithm.Winograd4x4],
        Pointwise = [Generator.Model.ConvAlgorithm.Direct],
        Depthwise = [Generator.Model.ConvAlgorithm.Depthwise, Generator.Model.ConvAlgorithm.Fft];

    /// <summary>Prints one line a layer: the dense times, and for each share of zeros the sparse time and how much faster it is than them.</summary>
    public void Run(IEnumerable<ConvShape> shapes)
    {
        Console.WriteLine("Microseconds, best. A sparse layer: between sparse ones / between channel blocks, with both changes of layout (by direct, by the best dense).");
        Console.WriteLine($"{"layer",-24} {"direct",8} {"best dense",20}  {string.Join("  ", Densities.Select(d => $"{1 - d,-42:P0}"))}");
        foreach (ConvShape shape in shapes)
        {
            if (shape.Groups == shape.InChannels && shape.Stride == 1) Run(shape, Depthwise);
            else if (shape.Groups == 1 && shape.Kernel is 1 or 3) Run(shape, shape.Kernel == 1 ? Pointwise : Dense);
        }

        RunLinear(4096, 4096);
    }

    private void Run(ConvShape shape, Generator.Model.ConvAlgorithm[] dense)
    {
        SingleLayer layer(Conv conv) => SingleLayer.BetweenBlocks(conv, isa, shape.Input);
        using Contest contest = new(rounds);
        foreach (Generator.Model.ConvAlgorithm algorithm in dense) contest.Add(layer(shape.Layer with { Algorithm = algorithm }));
        foreach (double density in Densities) contest.Add(layer(shape.Layer with { Refinement = new Sparse(density), Algorithm = Generator.Model.ConvAlgorithm.Sparse }));
        Print(shape.Name, contest.Run());
    }

    private void RunLinear(int inFeatures, int outFeatures)
    {
        SingleLayer layer(Refinement? refinement) => new(new Linear(outFeatures) { Refinement = refinement }, isa, threads: 1, TensorShape.Of(1, inFeatures));
        using Contest contest = new(rounds);
        contest.Add(layer(null));
        foreach (double density in Densities) contest.Add(layer(new Sparse(density)));
        Print($"linear_{inFeatures}x{outFeatures}", contest.Run());
    }

    private static void Print(string name, (string Algorithm, double Layer, double Whole)[] times)
    {
        (string Algorithm, double Layer, double Whole)[] dense = times[..^Densities.Length];
        (string Algorithm, double Layer, double Whole) best = dense.MinBy(d => d.Layer);
        string sparse(double layer, double whole) => string.Create(CultureInfo.InvariantCulture,
            $"{layer,7:F1} / {whole,7:F1} ({dense[0].Layer / whole,5:F2}x, {best.Layer / whole,5:F2}x)").PadRight(42);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24} {dense[0].Layer,8:F1} {best.Layer,8:F1} {best.Algorithm.Split(',')[0],-11}  {string.Join("  ", times[^Densities.Length..].Select(s => sparse(s.Layer, s.Whole)))}"));
    }

    /// <summary>Layers that take turns.</summary>
    private sealed class Contest(int rounds) : IDisposable
    {
        private readonly List<SingleLayer> _layers = [];

        public void Add(SingleLayer layer) => _layers.Add(layer);

        /// <summary>For each layer its algorithm and the shortest time, without and with the changes of layout around it.</summary>
        public (string Algorithm, double Layer, double Whole)[] Run()
        {
            (string Algorithm, double Layer, double Whole)[] best = [.. _layers.Select(layer => (layer.Algorithm, double.PositiveInfinity, double.PositiveInfinity))];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < best.Length; i++)
                {
                    (double layer, double whole) = _layers[i].Times(runs: 3);
                    best[i] = (best[i].Algorithm, Math.Min(best[i].Layer, layer), Math.Min(best[i].Whole, whole));
                }
            }

            return best;
        }

        public void Dispose() => _layers.ForEach(layer => layer.Dispose());
    }
}
