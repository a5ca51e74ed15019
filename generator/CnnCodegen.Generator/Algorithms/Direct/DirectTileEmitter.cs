using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the register tiles of a <see cref="DirectPlan"/>: start values, the reduction over blocks, taps and channels, and the store.</summary>
internal sealed class DirectTileEmitter(DirectPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit(PixelTile tile, bool repeats)
    {
        List<string> parameters = ["byte* x"];
        if (plan.IsChained) parameters.Add("nint distance");
        parameters.Add("byte* w");
        if (plan.Prefetches) parameters.Add("ref byte* next");
        parameters.Add("byte* bias");
        if (plan.Residual is not null) parameters.Add("byte* residual");
        parameters.Add("byte* y");
        if (repeats) parameters.Add("int tiles");
        if (tile.IsAcross) parameters.Add("int left");
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
            writer.Line(_isa.Prefetch($"{(tile.IsAcross ? "x + " : "")}xBlock + {offset}", near: true)!);
            covered = offset + Alignment.Bytes;
        }
    }

    private void EmitStart(PixelTile tile)
    {
        EmitPointers(tile, "x", plan.Input);
        foreach ((string acc, int vector) in Accumulators(tile))
            writer.Line($"{_isa.Type} {acc} = {_isa.Load($"bias + {vector * _isa.Lanes * 4}")};");
        if (!plan.ManyPasses) return;
        EmitPointers(tile, "y", plan.Output);
        using (writer.Open("if (pass > 0)"))
        {
            foreach ((string acc, string address, _) in Accumulators(tile, "y", plan.Output))
                writer.Line($"{acc} = {_isa.Load(address)};");
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
        string x = tile.IsAcross ? "" : "x", w = "w";
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
        if (blockLoop) Close($"xBlock += {(plan.IsChained ? "distance" : $"{plan.Input.Block}")};", $"wBlock += {plan.BlockWeightBytes};");

        // Pixels with pointers of their own share the distance from there.
        void Declare(string name, string value) => writer.Line(tile.IsAcross && name[0] == 'x' ? $"nint {name} = {(value.Length == 0 ? "0" : value)};" : $"byte* {name} = {value};");

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
                string scalar = _isa.Broadcast(Dialect.Float(Address(tile, pixel, tile.IsAcross ? "x" : x, plan.Input, tile.IsAcross && x.Length > 0 ? $" + {x}" : "", channel * plan.InChannel)));
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
        if (!plan.ManyPasses) EmitPointers(tile, "y", plan.Output);
        foreach ((string acc, string address, int vector) in Accumulators(tile, "y", plan.Output))
        {
            writer.Line(plan.PartialStore
                ? $"Store({address}, {acc}, channels{(vector == 0 ? "" : $" - {vector * _isa.Lanes}")});"
                : _isa.Store(address, acc));
        }
    }

    private void EmitFinish(PixelTile tile)
    {
        if (plan.Residual is { } r)
        {
            EmitPointers(tile, "residual", r);
            foreach ((string acc, string address, int vector) in Accumulators(tile, "residual", r))
                writer.Line($"{acc} += {(plan.PartialStore ? $"Load({address}, channels - {vector * _isa.Lanes})" : _isa.Load(address))};");
        }

        if (plan.Activation is { } activation)
        {
            foreach ((string acc, _) in Accumulators(tile))
                writer.Line($"{acc} = {_isa.Activate(activation, acc)};");
        }
    }

    /// <summary>The methods that reach the last vector of a tensor without padding.</summary>
    public void EmitPartialAccess()
    {
        if (plan.PartialStore) new PartialAccess(_isa, writer).Emit(loads: plan.Residual is not null);
    }

    /// <summary>Where the pixels of a tile lie in a tensor, if that depends on where the row ends; pixel 0 has the tensor's own pointer.</summary>
    private void EmitPointers(PixelTile tile, string tensor, PlaneStrides strides)
    {
        if (!tile.IsAcross) return;
        int turn = strides.Row - (plan.Register.Width * strides.Column);
        for (int pixel = 1; pixel < tile.Pixels.Count; pixel++)
        {
            int offset = pixel * strides.Column;
            writer.Line($"byte* {tensor}{pixel} = {tensor} + {(turn == 0 ? $"{offset}" : $"(left > {pixel} ? {offset} : {offset + turn})")};");
        }
    }

    /// <summary>The address of a pixel's channel in a tensor.</summary>
    private static string Address(PixelTile tile, int pixel, string tensor, PlaneStrides strides, string distance, int channelBytes)
    {
        if (tile.IsAcross) return tensor + (pixel == 0 ? "" : $"{pixel}") + distance + PlaneUnits.Plus(channelBytes);
        (int row, int column) = tile.Pixels[pixel];
        return tensor + PlaneUnits.Plus((row * strides.Row) + (column * strides.Column) + channelBytes);
    }

    /// <summary>The accumulators of a tile with the vectors that they sum.</summary>
    private IEnumerable<(string Name, int Vector)> Accumulators(PixelTile tile) =>
        from pixel in Enumerable.Range(0, tile.Pixels.Count)
        from vector in Enumerable.Range(0, plan.Register.Blocks)
        select ($"a{pixel}_{vector}", vector);

    /// <summary>The accumulators of a tile with their addresses in a tensor.</summary>
    private IEnumerable<(string Name, string Address, int Vector)> Accumulators(PixelTile tile, string tensor, PlaneStrides strides) =>
        from pixel in Enumerable.Range(0, tile.Pixels.Count)
        from vector in Enumerable.Range(0, plan.Register.Blocks)
        select ($"a{pixel}_{vector}", Address(tile, pixel, tensor, strides, "", vector * strides.Block), vector);
}
