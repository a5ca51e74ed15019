using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>The register tile of the products: some tiles by some vectors of output channels.</summary>
/// <param name="Pieces">The tiles of a block cut into register tiles.</param>
/// <param name="Vectors">Vectors of output channels.</param>
/// <param name="Cycles">Estimated for one element of all tiles of a block and one register tile of output channels.</param>
internal sealed record ProductTile(Cut Pieces, int Vectors, double Cycles)
{
    private const int MaxVectors = 4;

    /// <summary>Independent multiply-adds that keep both units busy: the latency of four cycles times two.</summary>
    private const double InFlight = 9;

    /// <summary>Cycles between two register tiles: sums stored and started, loops closed.</summary>
    private const double Turn = 14;

    /// <summary>Bytes of transformed inputs that come from the second-level cache in a cycle.</summary>
    private const double BytesPerCycle = 8;

    /// <summary>The one with the fewest estimated cycles for each output channel.</summary>
    public static ProductTile Choose(WinogradPlan layer, int tiles)
    {
        Isa isa = layer.Isa;
        double inputBytes = (double)layer.InBlocks * layer.VectorBytes / layer.InChannels;
        double inChannels = layer.InChannels * (double)layer.Products / layer.Elements;
        ProductTile? best = null;
        for (int vectors = 1; vectors <= Math.Min(layer.OutVectors, MaxVectors); vectors++)
        {
            if (layer.OutVectors % vectors != 0) continue;
            int most = isa.EmbedsBroadcast() && vectors == 1 ? isa.Registers() - 2 : (isa.Registers() - vectors - 1) / vectors;
            for (int size = Math.Min(2, tiles); size <= Math.Min(tiles, most); size++)
            {
                Cut cut = Cut.Evenly(tiles, size);
                if (cut.Size != size) continue;
                ProductTile tile = new(cut, vectors, cut.Pieces.Sum(piece => piece.Count * ((inChannels * Math.Max(Step(isa, piece.Size, vectors), piece.Size * inputBytes / BytesPerCycle)) + Turn)));
                if (best is null || tile.Cycles / vectors < best.Cycles / best.Vectors) best = tile;
            }
        }

        return best!;
    }

    /// <summary>Cycles for one input channel: two multiply-adds or two loads each, and four instructions of all kinds.</summary>
    private static double Step(Isa isa, int tiles, int vectors)
    {
        double sums = tiles * vectors, loads = tiles + vectors;
        double instructions = sums + vectors + (isa.EmbedsBroadcast() && vectors == 1 ? 0 : tiles) + 0.5;
        return Math.Max(Math.Max(Math.Max(InFlight, sums), loads) / 2, instructions / 4);
    }
}
