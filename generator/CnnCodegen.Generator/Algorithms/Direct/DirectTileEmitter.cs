using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the register tiles of a <see cref="DirectPlan"/>: start values, the reduction over blocks, taps and channels, and the store.</summary>
internal sealed class DirectTileEmitter(DirectPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit(PixelTile tile, bool repeats)
    {
        List<string> parameters = ["byte* x", "byte* w"];
        if (plan.Prefetches) parameters.Add("ref byte* next");
        parameters.Add("byte* bias");
        if (plan.Residual is not null) parameters.Add("byte* residual");
        parameters.Add("byte* y");
        if (repeats) parameters.Add("int tiles");
        if (plan.PartialStore) parameters.Add("int channels");
        if (plan.BlocksVary) parameters.Add("int blocks");
        if (plan.ManyPasses) parameters.Add("int pass");

        writer.Line($"/// <summary>{(repeats ? "Tiles" : "A tile")} of {tile.Description} by {plan.Register.Blocks} {(plan.Register.Blocks == 1 ? "vector" : "vectors")} of output channels.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void Tile{tile.Name}({string.Join(", ", parameters)})"))
        using (writer.Open("unchecked"))
        {
            if (!repeats)
            {
                EmitTileBody(tile);
                return;
            }

            using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
            {
                EmitTileBody(tile);
                writer.Line($"x += {tile.Columns * plan.Input.Column};");
                writer.Line($"y += {tile.Columns * plan.Output.Column};");
                if (plan.Residual is { } r) writer.Line($"residual += {tile.Columns * r.Column};");
            }
        }
    }

    private void EmitTileBody(PixelTile tile)
    {
        if (plan.Prefetches && !plan.SpreadsPrefetch)
        {
            writer.Line("// The weights of the next pass.");
            EmitWeightPrefetch(plan.PrefetchLines);
            writer.Blank();
        }

        EmitStart(tile);
        EmitReduction(tile);
        EmitEpilogue(tile);
    }

    /// <summary>A share of the weights of the next pass.</summary>
    private void EmitWeightPrefetch(int lines)
    {
        for (int i = 0; i < lines; i++) writer.Line(_isa.Prefetch($"next + {i * Alignment.Bytes}")!);
        writer.Line($"next += {lines * Alignment.Bytes};");
    }

    /// <summary>The pixels of the next tile, a cache line at a time.</summary>
    private void EmitInputPrefetch(PixelTile tile)
    {
        if (!plan.PrefetchesInput) return;
        int covered = int.MinValue;
        foreach (int offset in tile.Next.Select(pixel => (pixel.Row * plan.Input.Row) + (pixel.Column * plan.Input.Column)))
        {
            if (offset < covered) continue;
            writer.Line(_isa.Prefetch($"xBlock + {offset}", near: true)!);
            covered = offset + Alignment.Bytes;
        }
    }

    private void EmitStart(PixelTile tile)
    {
        foreach ((string acc, _, int vector) in Accumulators(tile, 0, 0, 0))
            writer.Line($"{_isa.Type} {acc} = {_isa.Load($"bias + {vector * _isa.Lanes * 4}")};");
        if (!plan.ManyPasses) return;
        using (writer.Open("if (pass > 0)"))
        {
            foreach ((string acc, int offset, _) in Accumulators(tile, plan.Output.Row, plan.Output.Column, plan.Output.Block))
                writer.Line($"{acc} = {_isa.Load($"y + {offset}")};");
        }

        writer.Blank();
    }

    /// <summary>The loops over blocks of input channels, taps and channels; a loop of one iteration is left out.</summary>
    private void EmitReduction(PixelTile tile)
    {
        bool blockLoop = plan.BlocksPerPass > 1 || plan.BlocksVary;
        int blockChannels = plan.TailChannels == 0 || plan.ChannelBlocks > 1 ? plan.ChannelBlock : plan.TailChannels;
        int steps = blockChannels / plan.Unroll;
        bool tail = plan.TailChannels != 0 && plan.ChannelBlocks > 1;

        List<IDisposable> open = [];
        string x = "x", w = "w";
        if (blockLoop)
        {
            Declare("xBlock", x);
            Declare("wBlock", w);
            string limit = plan.BlocksVary ? "blocks" : $"{plan.BlocksPerPass}";
            open.Add(writer.Open($"for (int block = 0; block < {limit}; block++)"));
            (x, w) = ("xBlock", "wBlock");
            EmitInputPrefetch(tile);
            if (plan.SpreadsPrefetch && plan.KernelH == 1) EmitWeightPrefetch(plan.PrefetchLines);
        }

        string stepCount = $"{steps}";
        if (tail)
        {
            string lastBlock = (plan.ManyPasses ? $"pass == {plan.Passes - 1}" : "")
                + (blockLoop ? (plan.ManyPasses ? " && " : "") + $"block == {(plan.BlocksVary ? "blocks - 1" : $"{plan.BlocksPerPass - 1}")}" : "");
            writer.Line($"int steps = {lastBlock} ? {plan.TailChannels / plan.Unroll} : {steps}; // the last block has {plan.TailChannels} channels");
            stepCount = "steps";
        }

        int tapWeights = plan.ChannelBlock * plan.TapWeightBytes;
        bool stepLoop = steps > 1 || tail;
        if (plan.KernelH > 1)
        {
            Declare("xRow", x);
            Declare("wTap", w);
            open.Add(writer.Loop("kh", plan.KernelH));
            (x, w) = ("xRow", "wTap");
            if (plan.SpreadsPrefetch) EmitWeightPrefetch(plan.PrefetchLines);
        }

        if (plan.KernelW > 1)
        {
            Declare("xTap", x);
            if (w != "wTap")
            {
                Declare("wTap", w);
                w = "wTap";
            }

            open.Add(writer.Loop("kw", plan.KernelW));
            x = "xTap";
        }

        if (stepLoop)
        {
            Declare("xs", x);
            Declare("ws", w);
            using (writer.Open($"for (int step = 0; step < {stepCount}; step++)"))
            {
                EmitMultiplyAdds(tile, "xs", "ws");
                writer.Line($"xs += {plan.Unroll * plan.InChannel};");
                writer.Line($"ws += {plan.Unroll * plan.TapWeightBytes};");
            }
        }
        else
        {
            EmitMultiplyAdds(tile, x, w);
        }

        // Close the loops inside out, stepping each one's pointers.
        if (plan.KernelW > 1) Close($"xTap += {plan.TapColumn};", $"wTap += {tapWeights};");
        if (plan.KernelH > 1) Close($"xRow += {plan.TapRow};", plan.KernelW > 1 ? null : $"wTap += {tapWeights};");
        if (blockLoop) Close($"xBlock += {plan.Input.Block};", $"wBlock += {plan.BlockWeightBytes};");

        void Declare(string name, string value) => writer.Line($"byte* {name} = {value};");

        void Close(string first, string? second)
        {
            writer.Line(first);
            if (second is not null) writer.Line(second);
            open[open.Count - 1].Dispose();
            open.RemoveAt(open.Count - 1);
        }
    }

    /// <summary>The multiply-adds of <see cref="DirectPlan.Unroll"/> input channels.</summary>
    private void EmitMultiplyAdds(PixelTile tile, string x, string w)
    {
        int vectors = plan.Register.Blocks, pixels = tile.Pixels.Count, vectorBytes = _isa.Lanes * 4;
        for (int channel = 0; channel < plan.Unroll; channel++)
        {
            int weights = channel * plan.TapWeightBytes;
            string weight(int vector) => pixels == 1 ? _isa.Load($"{w} + {weights + (vector * vectorBytes)}") : $"w{channel}_{vector}";
            if (pixels > 1)
            {
                for (int vector = 0; vector < vectors; vector++)
                    writer.Line($"{_isa.Type} w{channel}_{vector} = {_isa.Load($"{w} + {weights + (vector * vectorBytes)}")};");
            }

            for (int pixel = 0; pixel < pixels; pixel++)
            {
                (int row, int column) = tile.Pixels[pixel];
                int offset = (row * plan.Input.Row) + (column * plan.Input.Column) + (channel * plan.InChannel);
                string scalar = _isa.Broadcast(Dialect.Float($"{x} + {offset}"));
                if (vectors > 1)
                {
                    writer.Line($"{_isa.Type} x{channel}_{pixel} = {scalar};");
                    scalar = $"x{channel}_{pixel}";
                }

                for (int vector = 0; vector < vectors; vector++)
                    writer.Line($"a{pixel}_{vector} = {_isa.MultiplyAdd(scalar, weight(vector), $"a{pixel}_{vector}")};");
            }
        }
    }

    private void EmitEpilogue(PixelTile tile)
    {
        if (plan.Residual is not null || plan.Activation is not null)
        {
            if (plan.ManyPasses)
            {
                using (writer.Blank().Open($"if (pass == {plan.Passes - 1})")) EmitFinish(tile);
            }
            else
            {
                writer.Blank();
                EmitFinish(tile);
            }
        }

        writer.Blank();
        foreach ((string acc, int offset, int vector) in Accumulators(tile, plan.Output.Row, plan.Output.Column, plan.Output.Block))
        {
            writer.Line(plan.PartialStore
                ? $"Store(y{PlaneUnits.Plus(offset)}, {acc}, channels{(vector == 0 ? "" : $" - {vector * _isa.Lanes}")});"
                : _isa.Store($"y + {offset}", acc));
        }
    }

    private void EmitFinish(PixelTile tile)
    {
        if (plan.Residual is { } r)
        {
            foreach ((string acc, int offset, int vector) in Accumulators(tile, r.Row, r.Column, r.Block))
                writer.Line($"{acc} += {(plan.PartialStore ? $"Load(residual + {offset}, channels - {vector * _isa.Lanes})" : _isa.Load($"residual + {offset}"))};");
        }

        if (plan.Activation is { } activation)
        {
            foreach ((string acc, _, _) in Accumulators(tile, 0, 0, 0))
                writer.Line($"{acc} = {_isa.Activate(activation, acc)};");
        }
    }

    /// <summary>The methods that reach the last vector of a tensor without padding.</summary>
    public void EmitPartialAccess()
    {
        if (!plan.PartialStore) return;
        writer.Blank();
        EmitPartialStore();
        if (plan.Residual is null) return;
        writer.Blank();
        EmitPartialLoad();
    }

    private void EmitPartialStore()
    {
        writer.Line($"/// <summary>Stores the first <paramref name=\"count\"/> of {_isa.Lanes} lanes.</summary>");
        using (writer.Open($"private static void Store(byte* y, {_isa.Type} value, int count)"))
        {
            using (writer.Open($"if (count >= {_isa.Lanes})"))
            {
                writer.Line(_isa.Store("y", "value")).Line("return;");
            }

            writer.Line("for (int lane = 0; lane < count; lane++) ((float*)y)[lane] = value.GetElement(lane);");
        }
    }

    private void EmitPartialLoad()
    {
        writer.Line($"/// <summary>Loads the first <paramref name=\"count\"/> of {_isa.Lanes} lanes; the others are 0.</summary>");
        using (writer.Open($"private static {_isa.Type} Load(byte* x, int count)"))
        {
            writer.Line($"if (count >= {_isa.Lanes}) return {_isa.Load("x")};");
            writer.Line($"{_isa.Type} value = {_isa.Zero};");
            writer.Line("for (int lane = 0; lane < count; lane++) value = value.WithElement(lane, ((float*)x)[lane]);");
            writer.Line("return value;");
        }
    }

    /// <summary>The accumulators of a tile with their byte offsets in a tensor of the given distances.</summary>
    private IEnumerable<(string Name, int Offset, int Vector)> Accumulators(PixelTile tile, int rowBytes, int columnBytes, int vectorBytes)
    {
        for (int pixel = 0; pixel < tile.Pixels.Count; pixel++)
        {
            (int row, int column) = tile.Pixels[pixel];
            for (int vector = 0; vector < plan.Register.Blocks; vector++)
                yield return ($"a{pixel}_{vector}", (row * rowBytes) + (column * columnBytes) + (vector * vectorBytes), vector);
        }
    }
}
