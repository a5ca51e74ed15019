using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>Writes the register tiles of a <see cref="GroupedPlan"/>: start values, the sum over input channels and taps, and the store.</summary>
internal sealed class GroupedTileEmitter(GroupedPlan plan, SourceWriter writer)
{
    /// <summary>Kernel columns up to which the taps of a row are written out.</summary>
    private const int MaxUnrolledTaps = 8;

    /// <summary>Input channels of a kernel of one tap that are written out.</summary>
    private const int UnrolledChannels = 4;

    private readonly Width _width = Width.Widest(plan.Isa, plan.SegmentPixels);

    /// <summary>Bytes from a channel to the next where tiles are stored.</summary>
    private int TargetChannel => plan.IsExact ? plan.OutputChannel : plan.ScratchChannel;

    private int Unroll => plan.Taps > 1 ? 1 : Enumerable.Range(1, UnrolledChannels).Last(count => plan.InChannels % count == 0);

    /// <summary>The method for a tile of so many output channels.</summary>
    public void Emit(int channels)
    {
        (int Channel, int Vector)[] sums = Enumerable.Range(0, channels * plan.Register.Vectors).Select(i => (i / plan.Register.Vectors, i % plan.Register.Vectors)).ToArray();
        int vectorBytes = _width.Lanes * 4;
        writer.Blank().Line($"/// <summary>{plan.Register.Vectors * _width.Lanes} neighbouring pixels of {channels} output {(channels == 1 ? "channel" : "channels")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Tile{channels}(byte* x, byte* w, byte* bias, {(plan.TileHasResidual ? "byte* residual, " : "")}byte* y)"))
        using (writer.Open("unchecked"))
        {
            for (int k = 0; k < channels; k++)
            {
                writer.Line($"{_width.Type} a{k}_0 = {_width.Broadcast(Dialect.Float($"bias{PlaneUnits.Plus(k * 4)}"))};");
                for (int v = 1; v < plan.Register.Vectors; v++) writer.Line($"{_width.Type} a{k}_{v} = a{k}_0;");
            }

            int steps = plan.InChannels / Unroll;
            using (steps > 1 ? writer.Loop("step", steps) : (IDisposable?)null) EmitTaps(channels);
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
}
