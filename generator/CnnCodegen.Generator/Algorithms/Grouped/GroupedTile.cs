using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>A register tile: a few vectors of pixels by a few output channels.</summary>
/// <param name="Vectors">Vectors of pixels.</param>
/// <param name="Channels">The output channels of a group cut into tiles.</param>
internal sealed record GroupedTile(int Vectors, Cut Channels)
{
    /// <summary>Multiply-adds that are under way at once.</summary>
    private const int LatencySlots = 10;

    private const double LoadsPerCycle = 1.8;

    /// <summary>A vector of pixels mostly lies across two cache lines, and comes from the second level for each tile of channels.</summary>
    private const double PixelLoads = 2;

    private const double InstructionsPerCycle = 4;

    /// <summary>The pixels of a tap stay in registers while one weight after the other is broadcast; otherwise the other way round.</summary>
    public bool HoldsPixels => Vectors <= Channels.Size;

    /// <summary>
    /// The tile with the fewest estimated cycles for <paramref name="pixels"/> and <paramref name="channels"/>: two multiply-adds a cycle,
    /// where registers, loads and latency allow.
    /// </summary>
    public static GroupedTile Choose(Isa isa, int lanes, int pixels, int channels) => (
        from vectors in Enumerable.Range(1, Math.Min(pixels / lanes, isa.Registers()))
        from size in Enumerable.Range(1, Math.Min(channels, isa.Registers()))
        where (vectors * size) + Math.Min(vectors, size) + 1 <= isa.Registers()
        let tile = new GroupedTile(vectors, Cut.Evenly(channels, size))
        where tile.Channels.Size == size
        let tiles = (pixels + (vectors * lanes) - 1) / (vectors * lanes)
        orderby tiles * tile.Channels.Pieces.Sum(piece => piece.Count * Cycles(vectors, piece.Size)), size
        select tile).First();

    /// <summary>Cycles of one tap of a tile.</summary>
    private static double Cycles(int vectors, int channels)
    {
        double multiplyAdds = Math.Max(LatencySlots, vectors * channels) / 2.0, loads = ((PixelLoads * vectors) + channels) / LoadsPerCycle;
        return Math.Max(Math.Max(multiplyAdds, loads), ((vectors * channels) + vectors + channels + 1) / InstructionsPerCycle);
    }
}
