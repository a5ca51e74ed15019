using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>How the work on the tiles is cut, and what it is estimated to cost.</summary>
/// <param name="Fused">All stages in one kernel, a block of tiles at a time; otherwise each stage is a kernel over all tiles.</param>
/// <param name="Blocks">The tiles cut into blocks; a single one if not fused.</param>
/// <param name="Register">The tiles of a block by vectors of output channels, cut into register tiles.</param>
/// <param name="Cost">The whole layer.</param>
internal sealed record Blocking(bool Fused, Cut Blocks, ProductTile Register, Cost Cost)
{
    /// <summary>What it costs to hand a byte from kernel to kernel beyond the second-level cache.</summary>
    private const double InstructionsPerByte = 0.15;

    /// <summary>Sizes of blocks to try: smaller ones read the weights more often and gain nothing.</summary>
    private const int Tries = 32;

    /// <summary>The cheapest blocking; null if the transformed tiles are too large for all. Two threads share the blocks, so an odd number of few is worth less.</summary>
    public static Blocking? Choose(WinogradPlan layer)
    {
        Blocking? best = OffsetsFit(layer) ? Staged(layer) : null;
        double bestCycles = best?.Cost.Cycles ?? double.PositiveInfinity;
        int most = (int)Math.Min((layer.Tiles + 1) / 2, CacheBytes(layer.Isa) / (layer.VectorBytes * (((long)layer.Products * layer.InBlocks) + layer.Elements)));
        int step = Math.Max(1, most / Tries);
        for (int size = most; size > most / 4; size -= step)
        {
            Cut blocks = Cut.Evenly(layer.Tiles, size);
            if (blocks.Size != size) continue;
            ProductTile register = ProductTile.Choose(layer, size);
            Blocking fused = new(true, blocks, register, Estimate(layer, blocks, register, 0));
            double shares = blocks.Count * layer.Groups, cycles = fused.Cost.Cycles * Math.Ceiling(shares / 2) * 2 / shares;
            if (cycles >= bestCycles) continue;
            (best, bestCycles) = (fused, cycles);
        }

        return best;
    }

    /// <summary>Whether the byte offsets between the products and the elements of all tiles, each spread by up to two cache lines, fit an int.</summary>
    private static bool OffsetsFit(WinogradPlan layer) =>
        Math.Max(layer.Products * TogetherBytes(layer, layer.InBlocks), layer.Elements * TogetherBytes(layer, layer.OutVectors)) <= int.MaxValue;

    private static long TogetherBytes(WinogradPlan layer, int blocks) => ((long)layer.Tiles * layer.VectorBytes * blocks) + (2 * Alignment.Bytes);

    private static Blocking Staged(WinogradPlan layer)
    {
        Cut all = new(layer.Tiles, 1, 1);
        ProductTile register = ProductTile.Choose(layer, layer.Tiles);
        return new Blocking(false, all, register, Estimate(layer, all, register, TransformedBytes(layer)));
    }

    /// <summary>What transformed tiles may fill of the second-level cache.</summary>
    private static long CacheBytes(Isa isa) => isa == Isa.Avx512 ? 768 * 1024 : 384 * 1024;

    private static double TransformedBytes(WinogradPlan layer) => layer.Groups * (double)layer.Tiles * layer.VectorBytes * ((layer.Products * layer.InBlocks) + (layer.Elements * layer.OutVectors));

    /// <summary>Adds up the stages; transforms count instructions, loads and stores.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="blocks">Blocks of tiles; each reads all weights.</param>
    /// <param name="register">The register tile.</param>
    /// <param name="handedOn">Bytes that one kernel hands on to the next.</param>
    private static Cost Estimate(WinogradPlan layer, Cut blocks, ProductTile register, double handedOn)
    {
        PolyphaseFilter filter = layer.Filter;
        int points = filter.Points, m = layer.Outputs, elements = layer.Elements;
        double tiles = (double)layer.Groups * layer.Tiles;
        double products = layer.Groups * elements * blocks.Count * 2 * register.Cycles * (layer.OutVectors / register.Vectors);
        double input = filter.Phases.Sum(rows => filter.Phases.Sum(columns => Input(rows, columns)));
        double output = ((points + m) * filter.OutputProgram.Steps.Count) + (2 * elements) + (2 * points * m) + (m * m);
        double others = (tiles * ((layer.InBlocks * input) + (layer.OutVectors * output))) + (InstructionsPerByte * handedOn);
        return new Cost(products, others, (layer.WeightBytes * (double)blocks.Count) + handedOn);

        // Rows are transformed two at a time.
        static double Input(CookToom rows, CookToom columns) =>
            (columns.Size * rows.InputProgram.Steps.Count) + (rows.Size * columns.InputProgram.Steps.Count) + (0.5 * rows.Size * columns.Size * (rows.Size + 2));
    }
}
