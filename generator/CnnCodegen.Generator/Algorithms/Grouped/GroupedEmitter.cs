using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>Writes the loop nest of a <see cref="GroupedPlan"/>: units, segments of the plane, tiles of pixels, input channels, taps.</summary>
internal sealed class GroupedEmitter(GroupedPlan plan, SourceWriter writer)
{
    /// <summary>Kernel columns up to which the taps of a row are written out.</summary>
    private const int MaxUnrolledTaps = 8;

    /// <summary>Input channels of a kernel of one tap that are written out.</summary>
    private const int UnrolledChannels = 4;

    private readonly Width _width = Width.Widest(plan.Isa, plan.SegmentPixels);

    private int TilePixels => plan.Register.Vectors * _width.Lanes;

    /// <summary>Bytes from a channel to the next where tiles are stored.</summary>
    private int TargetChannel => plan.IsExact ? plan.OutputChannel : plan.ScratchChannel;

    /// <summary>Tiles that are the outputs themselves are finished in registers.</summary>
    private bool TileHasResidual => plan.IsExact && plan.Residual;

    private int Unroll => plan.Taps > 1 ? 1 : Enumerable.Range(1, UnrolledChannels).Last(count => plan.InChannels % count == 0);

    public void Emit()
    {
        EmitRun();
        foreach ((int channels, _) in plan.Register.Channels.Pieces)
        {
            EmitChannels(channels);
            EmitTile(channels);
        }

        if (!plan.IsExact) EmitFinish();
    }

    private void EmitRun()
    {
        Cut tiles = plan.Register.Channels;
        NestWriter.Run(writer, "one tile of output channels" + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("group", plan.Groups), ("tile", tiles.Count));
            string first = tiles.Count == 1 ? "" : tiles.Start("tile");
            string channel = $"(group * {plan.OutChannels})" + (first.Length == 0 ? "" : $" + ({first})");
            writer.Line($"int channel = {channel};");
            string image(long bytes) => plan.Images > 1 ? $" + (image * {bytes}L)" : "";
            long outImage = (long)plan.Groups * plan.OutChannels * plan.OutputChannel;
            writer.Line($"byte* x = operands.Input{PlaneUnits.Plus(plan.Input.Origin)}{image(plan.Input.Image)} + (group * {(long)plan.InChannels * plan.Input.Block}L);");
            writer.Line($"byte* w = operands.Weights + (channel * {plan.FilterBytes}L);");
            writer.Line($"byte* bias = operands.Weights + {plan.BiasOffset} + (channel * 4);");
            if (plan.Residual) writer.Line($"byte* residual = operands.Second{image(outImage)} + (channel * {plan.OutputChannel}L);");
            writer.Line($"byte* y = operands.Output{image(outImage)} + (channel * {plan.OutputChannel}L);");
            string arguments = $"(x, w, bias, {(plan.Residual ? "residual, " : "")}y{(plan.IsExact ? "" : ", operands.Scratch")});";
            (int Size, int Count)[] pieces = tiles.Pieces.ToArray();
            if (pieces.Length > 1) writer.Line($"if (tile < {pieces[0].Count}) Channels{pieces[0].Size}{arguments}").Line($"else Channels{pieces[1].Size}{arguments}");
            else writer.Line($"Channels{pieces[0].Size}{arguments}");
        });
    }

    private void EmitChannels(int channels)
    {
        int pixels = plan.SegmentPixels, tiles = (pixels + TilePixels - 1) / TilePixels;
        writer.Blank().Line($"/// <summary>The planes of {channels} output {(channels == 1 ? "channel" : "channels")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Channels{channels}(byte* x, byte* w, byte* bias, {(plan.Residual ? "byte* residual, " : "")}byte* y{(plan.IsExact ? "" : ", byte* sums")})"))
        using (writer.Open("unchecked"))
        using (writer.Repeat("segment", plan.Segments))
        {
            bool many = plan.Segments > 1;
            if (many)
            {
                bool even = plan.OutH % plan.SegmentRows == 0;
                if (!even) writer.Line("// The last segment computes some rows a second time.");
                string row = $"segment * {plan.SegmentRows}";
                writer.Line($"int row = {(even ? row : $"Math.Min({row}, {plan.OutH - plan.SegmentRows})")};");
            }

            string at(string pointer, int rowBytes) => many ? $"{pointer} + (row * {rowBytes})" : pointer;
            writer.Line($"byte* xs = {at("x", plan.Input.Row)};");
            writer.Line($"byte* target = {(plan.IsExact ? at("y", plan.OutW * 4) : "sums")};");
            if (TileHasResidual) writer.Line($"byte* second = {at("residual", plan.OutW * 4)};");
            string call(string step) => $"Tile{channels}(xs{step}, w, bias, {(TileHasResidual ? $"second{step}, " : "")}target{step});";
            if (tiles == 1)
            {
                writer.Line(call(""));
            }
            else
            {
                using (writer.Open($"for (int tile = 0; tile < {tiles}; tile++)"))
                {
                    bool even = pixels % TilePixels == 0;
                    if (!even) writer.Line("// The last tile computes some pixels a second time.");
                    writer.Line($"int pixel = {(even ? $"tile * {TilePixels}" : $"Math.Min(tile * {TilePixels}, {pixels - TilePixels})")};");
                    writer.Line(call(" + (pixel * 4)"));
                }
            }

            if (plan.IsExact) return;
            using (writer.Loop("channel", channels))
                writer.Line($"Finish(sums + (channel * {plan.ScratchChannel}), {(plan.Residual ? at("residual", plan.OutW * 4) + $" + (channel * {plan.OutputChannel}), " : "")}{at("y", plan.OutW * 4)} + (channel * {plan.OutputChannel}));");
        }
    }

    private void EmitTile(int channels)
    {
        (int Channel, int Vector)[] sums = Enumerable.Range(0, channels * plan.Register.Vectors).Select(i => (i / plan.Register.Vectors, i % plan.Register.Vectors)).ToArray();
        int vectorBytes = _width.Lanes * 4;
        writer.Blank().Line($"/// <summary>{TilePixels} neighbouring pixels of {channels} output {(channels == 1 ? "channel" : "channels")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Tile{channels}(byte* x, byte* w, byte* bias, {(TileHasResidual ? "byte* residual, " : "")}byte* y)"))
        using (writer.Open("unchecked"))
        {
            for (int k = 0; k < channels; k++)
            {
                writer.Line($"{_width.Type} a{k}_0 = {_width.Broadcast(Dialect.Float($"bias{PlaneUnits.Plus(k * 4)}"))};");
                for (int v = 1; v < plan.Register.Vectors; v++) writer.Line($"{_width.Type} a{k}_{v} = a{k}_0;");
            }

            using (writer.Repeat("channel", plan.InChannels / Unroll)) EmitTaps(channels);
            if (plan.IsExact)
            {
                foreach ((int k, int v) in sums)
                {
                    string at = PlaneUnits.Plus(((long)k * TargetChannel) + (v * vectorBytes));
                    if (plan.Residual) writer.Line($"a{k}_{v} += {_width.Load("residual" + at)};");
                    if (plan.Activation is { } activation) writer.Line($"a{k}_{v} = {_width.Activate(activation, $"a{k}_{v}")};");
                }
            }

            foreach ((int k, int v) in sums) writer.Line(_width.Store("y" + PlaneUnits.Plus(((long)k * TargetChannel) + (v * vectorBytes)), $"a{k}_{v}"));
        }
    }

    /// <summary>The taps of one input channel, or of a few where the kernel has only one; steps <c>x</c> and <c>w</c>.</summary>
    private void EmitTaps(int channels)
    {
        if (plan.Taps == 1)
        {
            for (int c = 0; c < Unroll; c++) EmitTap(channels, "x", c * plan.Input.Block, c);
            writer.Line($"x += {(long)Unroll * plan.Input.Block};").Line($"w += {Unroll * 4};");
            return;
        }

        if (plan.KernelH == 1)
        {
            EmitTapRow(channels, "x");
        }
        else
        {
            writer.Line("byte* row = x;");
            using (writer.Loop("kh", plan.KernelH))
            {
                EmitTapRow(channels, "row");
                writer.Line($"row += {plan.TapRow};");
            }
        }

        if (plan.InChannels > 1) writer.Line($"x += {plan.Input.Block};");
    }

    /// <summary>The taps of one kernel row; steps <c>w</c>.</summary>
    private void EmitTapRow(int channels, string x)
    {
        if (plan.KernelW <= MaxUnrolledTaps)
        {
            for (int kw = 0; kw < plan.KernelW; kw++) EmitTap(channels, x, kw * plan.TapColumn, kw);
            writer.Line($"w += {plan.KernelW * 4};");
            return;
        }

        writer.Line($"byte* tap = {x};");
        using (writer.Loop("kw", plan.KernelW))
        {
            EmitTap(channels, "tap", 0, 0);
            writer.Line($"tap += {plan.TapColumn};").Line("w += 4;");
        }
    }

    /// <summary>One multiply-add for each sum.</summary>
    private void EmitTap(int channels, string x, int offset, int tap)
    {
        string pixels(int v) => _width.Load(x + PlaneUnits.Plus(offset + (v * _width.Lanes * 4)));
        string weight(int k) => _width.Broadcast(Dialect.Float("w" + PlaneUnits.Plus((k * plan.FilterBytes) + (tap * 4))));
        int vectors = plan.Register.Vectors;
        if (plan.Register.HoldsPixels)
        {
            for (int v = 0; v < vectors; v++) writer.Line($"{_width.Type} x{tap}_{v} = {pixels(v)};");
            for (int k = 0; k < channels; k++)
            {
                writer.Line($"{_width.Type} w{tap}_{k} = {weight(k)};");
                for (int v = 0; v < vectors; v++) Add(k, v);
            }
        }
        else
        {
            for (int k = 0; k < channels; k++) writer.Line($"{_width.Type} w{tap}_{k} = {weight(k)};");
            for (int v = 0; v < vectors; v++)
            {
                writer.Line($"{_width.Type} x{tap}_{v} = {pixels(v)};");
                for (int k = 0; k < channels; k++) Add(k, v);
            }
        }

        void Add(int k, int v) => writer.Line($"a{k}_{v} = {_width.MultiplyAdd($"x{tap}_{v}", $"w{tap}_{k}", $"a{k}_{v}")};");
    }

    /// <summary>Brings the outputs of a segment together.</summary>
    private void EmitFinish()
    {
        writer.Blank().Line($"/// <summary>Copies the outputs among a segment's sums{(plan.Residual ? ", adds the residual" : "")}{(plan.Activation is null ? "" : ", applies the activation")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Finish(byte* sums, {(plan.Residual ? "byte* residual, " : "")}byte* y)"))
        using (writer.Open("unchecked"))
        using (writer.Repeat("row", plan.SegmentRows))
        {
            if (plan.ColumnStride > 1)
                writer.Line($"for (int i = 1; i < {plan.OutW}; i++) ((float*)sums)[i] = ((float*)sums)[i * {plan.ColumnStride}];");
            RowLoop.Emit(writer, Width.Widest(plan.Isa, plan.OutW), plan.OutW, width =>
            {
                writer.Line($"{width.Type} v = {width.Load("sums + (i * 4)")}{(plan.Residual ? $" + {width.Load("residual + (i * 4)")}" : "")};");
                writer.Line(width.Store("y + (i * 4)", plan.Activation is { } activation ? width.Activate(activation, "v") : "v"));
            });
            if (plan.SegmentRows == 1) return;
            writer.Line($"sums += {plan.Pitch * 4};");
            if (plan.Residual) writer.Line($"residual += {plan.OutW * 4};");
            writer.Line($"y += {plan.OutW * 4};");
        }
    }
}
