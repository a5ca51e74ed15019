using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>
/// Chooses the register tile with the fewest estimated cycles. The core is modelled as two multiply-adds and two loads
/// a cycle with a latency of four to five cycles, so a tile wants ten independent accumulators and few loads for each multiply-add;
/// each tile and channel also costs a fraction of a cycle for the loop around it.
/// </summary>
internal static class TileChooser
{
    private const double PortsPerCycle = 2;
    private const double LoopCycles = 0.25;
    private const double LatencySlots = 10;

    public static RegisterTile Choose(Isa isa, int outH, int outW, int outVectors)
    {
        RegisterTile? best = null;
        double bestCost = double.MaxValue;
        for (int blocks = 1; blocks <= Math.Min(outVectors, 8); blocks++)
        {
            if (outVectors % blocks != 0) continue;
            for (int columns = 1; columns <= Math.Min(outW, MaxAccumulators(isa)); columns++)
            {
                Cut columnCut = Cut.Evenly(outW, columns);
                if (columnCut.Size != columns) continue;
                for (int rows = 1; rows <= Math.Min(outH, MaxAccumulators(isa) / columns); rows++)
                {
                    Cut rowCut = Cut.Evenly(outH, rows);
                    if (rowCut.Size != rows || !Fits(isa, rows * columns, blocks)) continue;
                    RegisterTile tile = new(rowCut, columnCut, blocks);
                    double cost = Cost(isa, tile) * (outVectors / blocks);

                    // Of nearly equal tiles the one with less code and longer runs in memory.
                    cost *= 1 + (0.005 * rowCut.Pieces.Count() * columnCut.Pieces.Count()) + (0.002 * rows);
                    if (cost >= bestCost) continue;
                    bestCost = cost;
                    best = tile;
                }
            }
        }

        return best!;
    }

    private static int MaxAccumulators(Isa isa) => isa.Registers() - 2;

    /// <summary>Accumulators, the weights of one tap, and the broadcast pixel where the instruction does not embed it.</summary>
    private static bool Fits(Isa isa, int pixels, int blocks)
    {
        int weights = pixels == 1 ? 0 : blocks;
        int broadcast = isa.EmbedsBroadcast() && blocks == 1 && pixels > 1 ? 0 : 1;
        return (pixels * blocks) + weights + broadcast <= isa.Registers() - (isa.EmbedsBroadcast() ? 1 : 0);
    }

    /// <summary>Cycles for one input channel and tap over the whole plane.</summary>
    private static double Cost(Isa isa, RegisterTile tile)
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
                cycles += rowCount * columnCount * (LoopCycles + Math.Max(Math.Max(multiplyAdds, loads) / PortsPerCycle, instructions));
            }
        }

        return cycles;
    }
}
