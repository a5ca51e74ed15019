using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reorder;

/// <summary>Writes the loops of a <see cref="ReorderPlan"/>.</summary>
internal static class ReorderEmitter
{
    public static void Emit(ReorderPlan plan, SourceWriter writer)
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        string unit = plan.Transposes ? "four channels" : plan.CopiesRows && from.Block > 1 ? "one block of channels" : "one channel";
        int units = plan.Units / from.N;
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit} of one image.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            string image = from.N > 1 ? $"unit / {units}" : "0", index = from.N > 1 ? $"unit % {units}" : "unit";
            if (from.N > 1) writer.Line($"int image = {image};");
            if (plan.CopiesRows)
            {
                writer.Line($"int block = {index};");
                writer.Line($"byte* x = {At("operands.Input", from, "block")};");
                writer.Line($"byte* y = {At("operands.Output", to, plan.ChannelOffset == 0 ? "block" : $"(block + {plan.ChannelOffset / to.Block})")};");
                EmitRowCopies(plan, writer);
            }
            else if (plan.Transposes)
            {
                writer.Line($"int channel = {(from.N > 1 ? $"({index})" : index)} * {ReorderPlan.Square};");
                writer.Line($"byte* x = {Channel("operands.Input", from, "channel")};");
                writer.Line($"byte* y = {Channel("operands.Output", to, "channel")};");
                EmitSquares(plan, writer);
            }
            else
            {
                writer.Line($"int channel = {index};");
                writer.Line($"byte* x = {Channel("operands.Input", from, "channel")};");
                if (plan.ChannelOffset > 0) writer.Line($"int target = channel + {plan.ChannelOffset};");
                writer.Line($"byte* y = {Channel("operands.Output", to, plan.ChannelOffset > 0 ? "target" : "channel")};");
                EmitChannel(plan, writer);
            }
        }

        if (plan.Transposes && from.C % ReorderPlan.Square != 0)
        {
            writer.Blank();
            writer.Line("/// <summary>Copies one channel.</summary>");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            using (writer.Open("private static void Channel(byte* x, byte* y)"))
            using (writer.Open("unchecked"))
                EmitChannel(plan, writer);
        }

        if (!plan.CopiesRows && TailLanes(plan) > 0)
        {
            writer.Blank();
            writer.Line("/// <summary>Zeros the lanes behind the last channel.</summary>");
            using (writer.Open("private static void ClearTail(byte* y)"))
            using (writer.Open("unchecked"))
            using (writer.Loop("row", to.H))
            {
                using (writer.Loop("pixel", to.W))
                    writer.Line($"for (int lane = 0; lane < {TailLanes(plan)}; lane++) ((float*)y)[(pixel * {to.Block}) + lane] = 0;");
                writer.Line($"y += {to.RowBytes};");
            }
        }
    }

    private static int TailLanes(ReorderPlan plan)
    {
        int end = plan.ChannelOffset + plan.From.C;
        return end == plan.To.C && end % plan.To.Block != 0 ? plan.To.Block - (end % plan.To.Block) : 0;
    }

    private static void EmitRowCopies(ReorderPlan plan, SourceWriter writer)
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        int rowBytes = from.W * from.PixelBytes;
        if (from.RowBytes == rowBytes && to.RowBytes == rowBytes)
        {
            writer.Line($"Unsafe.CopyBlockUnaligned(y, x, {rowBytes * from.H});");
            return;
        }

        using (writer.Loop("row", from.H))
        {
            writer.Line($"Unsafe.CopyBlockUnaligned(y, x, {rowBytes});");
            writer.Line($"x += {from.RowBytes};");
            writer.Line($"y += {to.RowBytes};");
        }
    }

    /// <summary>Four channels, square by square; those that are left over one by one.</summary>
    private static void EmitSquares(ReorderPlan plan, SourceWriter writer)
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        int left = from.C % ReorderPlan.Square;
        if (TailLanes(plan) > 0) writer.Line($"if (channel == {from.C - (left == 0 ? ReorderPlan.Square : left)}) ClearTail(y + {(left == 0 ? ReorderPlan.Square : left) * 4});");
        if (left > 0)
        {
            using (writer.Open($"if (channel == {from.C - left})"))
            {
                int step(TensorView view) => view.Block == 1 ? view.BlockBytes : 4;
                for (int c = 0; c < left; c++) writer.Line($"Channel({"x" + PlaneUnits.Plus(c * step(from))}, {"y" + PlaneUnits.Plus(c * step(to))});");
                writer.Line("continue;");
            }

            writer.Blank();
        }

        using (plan.Rows > 1 ? writer.Loop("row", plan.Rows) : (IDisposable?)null)
        {
            bool even = plan.Run % ReorderPlan.Square == 0;
            if (!even) writer.Line("// The last square copies some pixels a second time.");
            using (writer.Open($"for (int pixel = 0; pixel < {plan.Run}; pixel += {ReorderPlan.Square})"))
            {
                string at = even ? "pixel" : "first";
                if (!even) writer.Line($"int first = Math.Min(pixel, {plan.Run - ReorderPlan.Square});");
                int row(TensorView view) => view.Block == 1 ? view.BlockBytes : view.PixelBytes;
                writer.Line($"VectorFunctions.Transpose4x4(x + ({at} * {from.PixelBytes}), {row(from)}, y + ({at} * {to.PixelBytes}), {row(to)});");
            }

            if (plan.Rows == 1) return;
            writer.Line($"x += {from.RowBytes};");
            writer.Line($"y += {to.RowBytes};");
        }
    }

    private static void EmitChannel(ReorderPlan plan, SourceWriter writer)
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        if (TailLanes(plan) > 0 && !plan.Transposes) writer.Line($"if (channel == {from.C - 1}) ClearTail(y + 4);");
        using (writer.Loop("row", from.H))
        {
            writer.Line($"for (int pixel = 0; pixel < {from.W}; pixel++) ((float*)y)[{Index(to)}] = ((float*)x)[{Index(from)}];");
            writer.Line($"x += {from.RowBytes};");
            writer.Line($"y += {to.RowBytes};");
        }
    }

    private static string Index(TensorView view) => view.Block == 1 ? "pixel" : $"pixel * {view.Block}";

    private static string At(string pointer, TensorView view, string block) => Start(pointer, view) + $" + ({block} * {view.BlockBytes}L)";

    private static string Channel(string pointer, TensorView view, string channel) => view.Block == 1
        ? At(pointer, view, channel)
        : Start(pointer, view) + $" + ({channel} / {view.Block} * {view.BlockBytes}L) + ({channel} % {view.Block} * 4)";

    private static string Start(string pointer, TensorView view) =>
        pointer + (view.OriginBytes > 0 ? $" + {view.OriginBytes}" : "") + (view.N > 1 ? $" + (image * {view.ImageBytes}L)" : "");
}
