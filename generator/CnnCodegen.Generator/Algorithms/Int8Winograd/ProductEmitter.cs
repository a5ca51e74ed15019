using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the products by one kind of dot product: for each element of the tile, M = V U over the input channels, a few tiles by a few vectors of output channels in registers.</summary>
internal sealed class ProductEmitter(Int8WinogradPlan plan, WordDot dot, SourceWriter writer)
{
    private readonly string _sums = plan.Lanes == 8 ? "Vector256<int>" : "Vector128<int>";

    public void Emit()
    {
        writer.Line("/// <summary>The products of a block of tiles for one register tile of output channels, element by element.</summary>");
        using (writer.Open($"private static void Products{dot.Name}(byte* v, byte* u, byte* m{(plan.Uneven ? ", int large" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Loop("element", plan.Elements))
        {
            EmitCalls(plan.Uneven ? "large" : $"{plan.Pieces.Large}");
            writer.Line($"v += {plan.InElementBytes};");
            writer.Line($"u += {plan.ChunkBytes};");
            writer.Line($"m += {plan.OutElementBytes};");
        }

        foreach (int tiles in plan.PieceSizes)
        {
            writer.Blank();
            EmitPiece(tiles);
        }
    }

    /// <summary>The calls for one element; <paramref name="large"/> is the number of larger register tiles.</summary>
    private void EmitCalls(string large)
    {
        IReadOnlyList<int> sizes = plan.PieceSizes;
        if (plan.Prefetches) writer.Line($"byte* next = u + {plan.ChunkBytes};");
        string next = plan.Prefetches ? ", ref next" : "";
        writer.Line($"{dot.Name}{sizes[0]}(v, u, m, {large}{next});");
        if (sizes.Count > 1)
            writer.Line($"{dot.Name}{sizes[1]}(v + ({large} * {sizes[0] * plan.TileBytes}), u, m + ({large} * {sizes[0] * plan.SumBytes}), {plan.Pieces.Count} - {large}{next});");
    }

    private void EmitPiece(int tiles)
    {
        writer.Line($"/// <summary>Register tiles of {tiles} tiles by {plan.Vectors * plan.Lanes} output channels: the sums over all input channels{(plan.Prefetches ? "; brings weights closer" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {dot.Name}{tiles}(byte* v, byte* u, byte* m, int count{(plan.Prefetches ? ", ref byte* next" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int piece = 0; piece < count; piece++)"))
        {
            foreach ((string sum, _) in Sums(tiles)) writer.Line($"{_sums} {sum} = {_sums}.Zero;");
            writer.Line("byte* x = v, w = u;");
            using (writer.Repeat("step", plan.Channels / plan.Step))
            {
                if (plan.Prefetches)
                {
                    for (int line = 0; line < plan.PrefetchLines; line++) writer.Line(new Dialect(plan.Isa).Prefetch($"next + {line * 64}")!);
                    writer.Line($"next += {plan.PrefetchLines * 64};");
                }

                EmitDots(tiles);
                writer.Line($"x += {plan.TileBytes / plan.Channels * plan.Step};");
                writer.Line($"w += {plan.WeightStep * plan.Step};");
            }

            foreach ((string sum, int offset) in Sums(tiles)) writer.Line($"*({_sums}*)(m + {offset}) = {sum};");
            writer.Line($"v += {tiles * plan.TileBytes};");
            writer.Line($"m += {tiles * plan.SumBytes};");
        }
    }

    /// <summary>The dot products of the channels of a step.</summary>
    private void EmitDots(int tiles)
    {
        for (int channel = 0; channel < plan.Step; channel += dot.Channels)
        {
            for (int vector = 0; vector < plan.Vectors; vector++)
                writer.Line($"{dot.Type} w{channel}_{vector} = {dot.Weights($"w + {(channel * plan.WeightStep) + (vector * dot.Channels * plan.WeightStep / plan.Vectors)}")};");
            for (int tile = 0; tile < tiles; tile++)
            {
                string inputs = dot.Inputs($"x + {(tile * plan.TileBytes) + (channel * plan.TileBytes / plan.Channels)}");
                if (plan.Vectors > 1)
                {
                    writer.Line($"{dot.Type} x{channel}_{tile} = {inputs};");
                    inputs = $"x{channel}_{tile}";
                }

                for (int vector = 0; vector < plan.Vectors; vector++)
                    writer.Line($"a{tile}_{vector} = {dot.MultiplyAdd($"a{tile}_{vector}", inputs, $"w{channel}_{vector}")};");
            }
        }
    }

    private IEnumerable<(string Name, int Offset)> Sums(int tiles) =>
        from tile in Enumerable.Range(0, tiles)
        from vector in Enumerable.Range(0, plan.Vectors)
        select ($"a{tile}_{vector}", (tile * plan.SumBytes) + (vector * plan.VectorBytes));
}
