using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>How the work on the tiles is cut, and what it is estimated to cost.</summary>
/// <param name="Fused">All stages in one kernel, a block of tiles at a time; otherwise each stage is a kernel over all tiles.</param>
/// <param name="Blocks">The tiles cut into blocks; a single one if not fused.</param>
/// <param name="Register">The tiles of a block by vectors of output channels, cut into register tiles.</param>
/// <param name="Cost">The whole layer.</param>
internal sealed record Blocking(bool Fused, Cut Blocks, ProductTile Register, Cost Cost)
{
    private const int MaxBlocks = 1024;

    /// <summary>The cheapest blocking. Two threads share the blocks, so an odd number of few is worth less.</summary>
    public static Blocking Choose(WinogradPlan layer)
    {
        Blocking best = Staged(layer);
        double bestCycles = best.Cost.Cycles;
        for (int blocks = 2; blocks <= Math.Min(layer.Tiles, MaxBlocks); blocks++)
        {
            Cut cut = Cut.Evenly(layer.Tiles, (layer.Tiles + blocks - 1) / blocks);
            if (cut.Count != blocks) continue;
            ProductTile register = ProductTile.Choose(layer.Isa, cut.Size, layer.OutVectors, layer.InChannels);
            if (layer.Elements * (long)cut.Size * layer.VectorBytes * (layer.InBlocks + register.Vectors) > CacheBytes(layer.Isa)) continue;
            Blocking fused = new(true, cut, register, Estimate(layer, cut, register, TransformedBytes(layer)));
            double shares = blocks * layer.Groups, cycles = fused.Cost.Cycles * Math.Ceiling(shares / 2) * 2 / shares;
            if (cycles >= bestCycles) continue;
            (best, bestCycles) = (fused, cycles);
        }

        return best;
    }

    private static Blocking Staged(WinogradPlan layer)
    {
        Cut all = new(layer.Tiles, 1, 1);
        ProductTile register = ProductTile.Choose(layer.Isa, layer.Tiles, layer.OutVectors, layer.InChannels);
        return new Blocking(false, all, register, Estimate(layer, all, register, 0));
    }

    /// <summary>What transformed tiles may fill of the second-level cache.</summary>
    private static long CacheBytes(Isa isa) => isa == Isa.Avx512 ? 768 * 1024 : 320 * 1024;

    private static double TransformedBytes(WinogradPlan layer) => layer.Groups * (double)layer.Elements * layer.Tiles * layer.VectorBytes * (layer.InBlocks + layer.OutVectors);

    private static Cost Estimate(WinogradPlan layer, Cut blocks, ProductTile register, double savedBytes)
    {
        CookToom transforms = CookToom.Of(layer.Outputs, layer.Taps);
        int n = layer.Size, m = layer.Outputs, elements = layer.Elements;
        double tiles = (double)layer.Groups * layer.Tiles;
        double products = layer.Groups * elements * blocks.Count * 2 * register.Cycles * (layer.OutVectors / register.Vectors);
        double input = (2 * n * LinearProgram.Of(transforms.InputTransform).Steps.Count) + (3.5 * elements);
        double output = ((n + m) * LinearProgram.Of(transforms.OutputTransform).Steps.Count) + elements + (2 * n * m) + (m * m);
        double far = (layer.WeightBytes * (double)blocks.Count) + (3 * (TransformedBytes(layer) - savedBytes));
        return new Cost(products, tiles * ((layer.InBlocks * input) + (layer.OutVectors * output)), far);
    }
}
