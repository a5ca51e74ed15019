using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>Writes the outer loops of a <see cref="GroupedPlan"/>: units, segments of the plane, tiles of pixels.</summary>
internal sealed class GroupedEmitter(GroupedPlan plan, SourceWriter writer)
{
    private int TilePixels => plan.Register.Vectors * plan.Lanes;

    public void Emit()
    {
        GroupedTileEmitter tile = new(plan, writer);
        EmitRun();
        foreach ((int channels, _) in plan.Register.Channels.Pieces)
        {
            EmitChannels(channels);
            tile.Emit(channels);
        }

        if (!plan.IsExact) EmitFinish();
    }

    private void EmitRun()
    {
        Cut tiles = plan.Register.Channels;
        NestWriter.Run(writer, "one tile of output channels" + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("group", plan.Groups), ("tile", tiles.Count));
            string first = plan.OutChannels == 1 ? "group" : $"group * {plan.OutChannels}";
            writer.Line($"int channel = {(tiles.Count == 1 ? first : $"({first}) + ({tiles.Start("tile")})")};");
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
        using (plan.Segments > 1 ? writer.Loop(plan.SegmentRows == 1 ? "row" : "segment", plan.Segments) : (IDisposable?)null)
        {
            bool many = plan.Segments > 1;
            if (many && plan.SegmentRows > 1)
            {
                bool even = plan.OutH % plan.SegmentRows == 0;
                if (!even) writer.Line("// The last segment computes some rows a second time.");
                string row = $"segment * {plan.SegmentRows}";
                writer.Line($"int row = {(even ? row : $"Math.Min({row}, {plan.OutH - plan.SegmentRows})")};");
            }

            string at(string pointer, int rowBytes) => many ? $"{pointer} + (row * {rowBytes})" : pointer;
            writer.Line($"byte* xs = {at("x", plan.Input.Row)};");
            writer.Line($"byte* target = {(plan.IsExact ? at("y", plan.OutW * 4) : "sums")};");
            if (plan.TileHasResidual) writer.Line($"byte* second = {at("residual", plan.OutW * 4)};");
            string call(string step) => $"Tile{channels}(xs{step}, w, bias, {(plan.TileHasResidual ? $"second{step}, " : "")}target{step});";
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
            string of(string pointer, int bytes) => channels > 1 ? $"{pointer} + (channel * {bytes})" : pointer;
            using (channels > 1 ? writer.Loop("channel", channels) : (IDisposable?)null)
                writer.Line($"Finish({of("sums", plan.ScratchChannel)}, {(plan.Residual ? of(at("residual", plan.OutW * 4), plan.OutputChannel) + ", " : "")}{of(at("y", plan.OutW * 4), plan.OutputChannel)});");
        }
    }

    /// <summary>Brings the outputs of a segment together.</summary>
    private void EmitFinish()
    {
        writer.Blank().Line($"/// <summary>Copies the outputs among a segment's sums{(plan.Residual ? ", adds the residual" : "")}{(plan.Activation is null ? "" : ", applies the activation")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Finish(byte* sums, {(plan.Residual ? "byte* residual, " : "")}byte* y)"))
        using (writer.Open("unchecked"))
        using (plan.SegmentRows > 1 ? writer.Loop("row", plan.SegmentRows) : (IDisposable?)null)
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
