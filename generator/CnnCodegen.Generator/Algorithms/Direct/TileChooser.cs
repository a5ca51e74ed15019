using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>
/// Chooses the register tile with the fewest estimated cycles. The core is modelled as two multiply-adds and nearly two
/// loads a cycle with a latency of four to five cycles, so a tile wants ten independent accumulators and few loads for each multiply-add;
/// each tile and channel also costs a fraction of a cycle for the loop around it.
/// </summary>
internal static class TileChooser
{
    private const double MultiplyAddsPerCycle = 2;

    /// <summary>Two at best; broadcasts that fall into one bank of the cache wait for each other.</summary>
    private const double LoadsPerCycle = 1.8;
    private const double LoopCycles = 0.25;
    private const double LatencySlots = 10;

    public static RegisterTile Choose(Isa isa, int outH, int outW, int outVectors)
    {
        RegisterTile? best = null;
        double bestCost = double.MaxValue;
        foreach (RegisterTile tile in Candidates(isa, outH, outW, outVectors))
        {
            double cost = Cycles(isa, tile) * (outVectors / tile.Blocks);
            if (cost >= bestCost) continue;

            // Of nearly equal tiles the one with less code, fewer pointers and longer runs in memory.
            cost *= 1 + (0.012 * tile.Shapes.Sum(shape => shape.Tile.IsAcross ? 3 : 1)) + (0.002 * tile.Rows.Size);
            if (cost >= bestCost) continue;
            bestCost = cost;
            best = tile;
        }

        return best!;
    }

    private static IEnumerable<RegisterTile> Candidates(Isa isa, int outH, int outW, int outVectors) =>
        from blocks in Enumerable.Range(1, Math.Min(outVectors, 8))
        where outVectors % blocks == 0
        from tile in Rectangles(isa, outH, outW, blocks).Concat(outH > 1 ? Runs(isa, outH, outW, blocks) : [])
        select tile;

    private static IEnumerable<RegisterTile> Rectangles(Isa isa, int outH, int outW, int blocks) =>
        from columns in Cuts(isa, outW)
        from rows in Cuts(isa, outH)
        where Fits(isa, rows.Size * columns.Size, blocks)
        select new RegisterTile(rows, columns, blocks);

    private static IEnumerable<RegisterTile> Runs(Isa isa, int outH, int outW, int blocks) =>
        from pixels in Cuts(isa, outH * outW)
        where Fits(isa, pixels.Size, blocks)
        select new RegisterTile(Cut.Evenly(1, 1), pixels, blocks, outW);

    /// <summary>The even cuts of an extent into pieces that registers can hold.</summary>
    private static IEnumerable<Cut> Cuts(Isa isa, int extent) =>
        from size in Enumerable.Range(1, Math.Min(extent, MaxAccumulators(isa)))
        let cut = Cut.Evenly(extent, size)
        where cut.Size == size
        select cut;

    private static int MaxAccumulators(Isa isa) => isa.Registers() - 2;

    /// <summary>Accumulators, the weights of one tap, and the broadcast pixel where the instruction does not embed it.</summary>
    private static bool Fits(Isa isa, int pixels, int blocks)
    {
        int weights = pixels == 1 ? 0 : blocks;
        int broadcast = isa.EmbedsBroadcast() && blocks == 1 && pixels > 1 ? 0 : 1;
        return (pixels * blocks) + weights + broadcast <= isa.Registers() - (isa.EmbedsBroadcast() ? 1 : 0);
    }

    /// <summary>Cycles for one input channel, one tap and one tile of output channels over the whole plane.</summary>
    public static double Cycles(Isa isa, RegisterTile tile)
    {
        double cycles = 0;
        foreach ((int rows, int rowCount) in tile.Rows.Pieces)
        {
            foreach ((int columns, int columnCount) in tile.Columns.Pieces)
            {
                int pixels = rows * columns;
                double multiplyAdds = Math.Max(LatencySlots, pixels * tile.Blocks);
                double loads = pixels + tile.Blocks;
                double instructions = ((pixels * tile.Blocks) + tile.Blocks + (isa.EmbedsBroadcast() && tile.Blocks == 1 ? 0 : pixels) + 1) / 4.0;
                cycles += rowCount * columnCount * (LoopCycles + Math.Max(Math.Max(multiplyAdds / MultiplyAddsPerCycle, loads / LoadsPerCycle), instructions));
            }
        }

        return cycles;
    }
}
