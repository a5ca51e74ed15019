using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the products: for one element of the tile, M = V U over the phases and input channels, a few tiles by a few vectors of output channels in registers.</summary>
internal sealed class ProductEmitter(WinogradPlan plan, SourceWriter writer)
{
    /// <summary>Input channels written out in the innermost loop; enough, and the body stays small.</summary>
    private const int MaxUnroll = 8;

    private readonly Dialect _isa = new(plan.Isa);
    private readonly PhaseText _phases = new(plan);

    public void Emit()
    {
        foreach (int tiles in plan.PieceSizes)
        {
            writer.Blank();
            EmitPiece(tiles);
        }
    }

    /// <summary>Calls for one chunk of weights at u; <paramref name="large"/> is the number of larger register tiles.</summary>
    public void Call(string v, string u, string m, string large)
    {
        IReadOnlyList<int> sizes = plan.PieceSizes;
        string next(string argument) => (_phases.Varies ? $", {_phases.Count}" : "") + (plan.Prefetches ? $", {argument}" : "");
        string result = plan.Prefetches ? "byte* next = " : "";
        writer.Line($"{(sizes.Count > 1 ? result : "")}Multiply{sizes[0]}({v}, {u}, {m}, {large}{next($"{u} + {_phases.ChunkBytes}")});");
        if (sizes.Count == 1) return;
        int bytes = sizes[0] * plan.VectorBytes;
        writer.Line($"Multiply{sizes[1]}({v} + ({large} * {bytes}), {u}, {m} + ({large} * {bytes}), {plan.Pieces.Count} - {large}{next("next")});");
    }

    private void EmitPiece(int tiles)
    {
        writer.Line($"/// <summary>Register tiles of {tiles} tiles by {plan.Vectors} {(plan.Vectors == 1 ? "vector" : "vectors")} of output channels: the sums over all input channels{(plan.Prefetches ? "; brings weights closer" : "")}.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static {(plan.Prefetches ? "byte*" : "void")} Multiply{tiles}(byte* v, byte* u, byte* m, int count{(_phases.Varies ? ", int phases" : "")}{(plan.Prefetches ? ", byte* next" : "")})"))
        using (writer.Open("unchecked"))
        {
            using (writer.Open("for (int piece = 0; piece < count; piece++)"))
            {
                foreach ((string sum, int vector, _) in Sums(tiles)) writer.Line($"{_isa.Type} {sum} = {_isa.Load($"u + {vector * plan.VectorBytes}")};");
                writer.Blank().Line($"byte* x = v, w = u + {plan.StartBytes};");
                EmitPhases(tiles);
                writer.Blank();
                foreach ((string sum, _, int offset) in Sums(tiles)) writer.Line(_isa.Store($"m + {offset}", sum));
                writer.Line($"v += {tiles * plan.VectorBytes};");
                writer.Line($"m += {tiles * plan.VectorBytes};");
            }

            if (plan.Prefetches) writer.Line("return next;");
        }
    }

    /// <summary>The input channels of every phase.</summary>
    private void EmitPhases(int tiles)
    {
        if (plan.Stride == 1)
        {
            EmitChannels(tiles);
            return;
        }

        int whole = plan.InChannels / plan.Lanes, tail = plan.InChannels % plan.Lanes;
        using (writer.Open($"for (int phase = 0; phase < {_phases.Count}; phase++)"))
        {
            EmitChannels(tiles);
            writer.Line($"x += {plan.InPhaseBytes - (whole * plan.InBlockBytes)};");
            if (tail > 0) writer.Line($"w += {tail * plan.StartBytes};");
        }
    }

    /// <summary>The loop over blocks of input channels, and the channels of the last one if it is not whole.</summary>
    private void EmitChannels(int tiles)
    {
        int whole = plan.InChannels / plan.Lanes, tail = plan.InChannels % plan.Lanes, unroll = Math.Min(plan.Lanes, MaxUnroll);
        if (whole > 0)
        {
            using (writer.Repeat("block", whole))
            {
                if (plan.Prefetches)
                {
                    for (int line = 0; line < plan.PrefetchLines; line++) writer.Line(_isa.Prefetch($"next + {line * 64}")!);
                    writer.Line($"next += {plan.PrefetchLines * 64};");
                }

                if (unroll < plan.Lanes)
                {
                    writer.Line("byte* xs = x;");
                    using (writer.Loop("step", plan.Lanes / unroll))
                    {
                        EmitMultiplyAdds(tiles, unroll, "xs");
                        writer.Line($"xs += {unroll * 4};");
                        writer.Line($"w += {unroll * plan.StartBytes};");
                    }
                }
                else
                {
                    EmitMultiplyAdds(tiles, unroll, "x");
                    writer.Line($"w += {unroll * plan.StartBytes};");
                }

                writer.Line($"x += {plan.InBlockBytes};");
            }
        }

        if (tail > 0)
        {
            writer.Line($"// The last {(tail == 1 ? "channel" : $"{tail} channels")}.");
            using (writer.Repeat("", 1)) EmitMultiplyAdds(tiles, tail, "x");
        }
    }

    private void EmitMultiplyAdds(int tiles, int channels, string x)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            string weight(int vector) => _isa.Load($"w + {((channel * plan.Vectors) + vector) * plan.VectorBytes}");
            if (tiles > 1)
            {
                for (int vector = 0; vector < plan.Vectors; vector++) writer.Line($"{_isa.Type} w{channel}_{vector} = {weight(vector)};");
            }

            for (int tile = 0; tile < tiles; tile++)
            {
                string scalar = _isa.Broadcast(Dialect.Float($"{x} + {(tile * plan.VectorBytes) + (channel * 4)}"));
                if (plan.Vectors > 1)
                {
                    writer.Line($"{_isa.Type} x{channel}_{tile} = {scalar};");
                    scalar = $"x{channel}_{tile}";
                }

                for (int vector = 0; vector < plan.Vectors; vector++)
                    writer.Line($"a{tile}_{vector} = {_isa.MultiplyAdd(scalar, tiles > 1 ? $"w{channel}_{vector}" : weight(vector), $"a{tile}_{vector}")};");
            }
        }
    }

    private IEnumerable<(string Name, int Vector, int Offset)> Sums(int tiles)
    {
        for (int tile = 0; tile < tiles; tile++)
            for (int vector = 0; vector < plan.Vectors; vector++)
                yield return ($"a{tile}_{vector}", vector, (vector * plan.OutVectorBytes) + (tile * plan.VectorBytes));
    }
}
