using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the products by one kind of dot product: for each element of the tile, M = V U over the input channels, a few tiles by a few vectors of output channels in registers.</summary>
internal sealed class ProductEmitter(Int8WinogradPlan plan, WordDot dot, SourceWriter writer)
{
    public void Emit()
    {
        writer.Line("/// <summary>The products of a block of tiles for one register tile of output channels, element by element.</summary>");
        using (writer.Open($"private static void Products{dot.Name}(byte* v, byte* u, byte* m{(plan.Uneven ? ", int large" : "")})"))
        using (writer.Open("unchecked"))
        {
            if (plan.HasPhases) writer.Line($"ReadOnlySpan<byte> phasesAt = [{Literals.Ints(plan.PhasesAt)}];");
            using (writer.Loop("element", plan.Elements))
            {
                if (plan.HasPhases) writer.Line("int phases = phasesAt[element];");
                EmitCalls(plan.Uneven ? "large" : $"{plan.Pieces.Large}");
                string times = plan.HasPhases ? "phases * " : "";
                writer.Line($"v += {times}{plan.InPhaseBytes};");
                writer.Line($"u += {times}{plan.ChunkBytes};");
                writer.Line($"m += {plan.OutElementBytes};");
            }
        }

        WordTileEmitter tile = new(plan.Words with { Prefetches = plan.Prefetches }, dot, writer);
        foreach (int tiles in plan.PieceSizes)
        {
            writer.Blank();
            tile.Emit(tiles, "tiles");
        }
    }

    /// <summary>The calls for one element; <paramref name="large"/> is the number of larger register tiles.</summary>
    private void EmitCalls(string large)
    {
        IReadOnlyList<int> sizes = plan.PieceSizes;
        if (plan.Prefetches) writer.Line($"byte* next = u + {plan.PhasesAt.Max() * plan.ChunkBytes};");
        string next = (plan.HasPhases ? ", phases" : "") + (plan.Prefetches ? ", ref next" : "");
        writer.Line($"{dot.Name}{sizes[0]}(v, u, m, {large}{next});");
        if (sizes.Count > 1)
            writer.Line($"{dot.Name}{sizes[1]}(v + ({large} * {sizes[0] * plan.TileBytes}), u, m + ({large} * {sizes[0] * plan.SumBytes}), {plan.Pieces.Count} - {large}{next});");
    }
}
