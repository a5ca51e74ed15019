using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reorder;

/// <summary>Writes the loops of a <see cref="ReorderPlan"/>.</summary>
internal static class ReorderEmitter
{
    public static void Emit(ReorderPlan plan, SourceWriter writer)
    {
        if (plan.Widens)
        {
            EmitWidening(plan, writer);
            return;
        }

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

    /// <summary>Four pixels at a time, with all the lanes of their block.</summary>
    private static void EmitWidening(ReorderPlan plan, SourceWriter writer)
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        PlaneUnits bands = plan.Bands;
        const string Quad = "Vector128<float>", Zero = Quad + ".Zero";
        bands.EmitRun(writer, "the pixels", "rows", () =>
        {
            string at(string pointer, TensorView view) => bands.At(pointer, PlaneStrides.Of(view)) + (bands.Bands.Count > 1 ? $" + (first * {view.RowBytes}L)" : "");
            if (bands.Bands.Count > 1) writer.Line($"int first = {bands.First};");
            string rows = bands.Bands.Count > 1 ? $"({bands.End}) - first" : $"{from.H}";
            writer.Line($"Rows({at("operands.Input", from)}, {at("operands.Output", to)}, {rows});");
        });
        writer.Blank();
        writer.Line("/// <summary>Copies rows of pixels; the lanes behind the last channel become zero.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Rows(byte* x, byte* y, int rows)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int row = 0; row < rows; row++)"))
        {
            bool even = from.W % ReorderPlan.Square == 0;
            if (!even) writer.Line("// The last pixels are some of those before.");
            using (writer.Open($"for (int pixel = 0; pixel < {from.W}; pixel += {ReorderPlan.Square})"))
            {
                string first = even ? "pixel" : $"Math.Min(pixel, {from.W - ReorderPlan.Square})";
                writer.Line($"byte* source = x + ({first} * {from.PixelBytes}), target = y + ({first} * {to.PixelBytes});");
                IEnumerable<string> channels = Enumerable.Range(0, ReorderPlan.Square)
                    .Select(c => c < from.C ? $"*({Quad}*)({"source" + PlaneUnits.Plus(c * (long)from.BlockBytes)})" : Zero);
                writer.Line($"VectorFunctions.FourColumns({string.Join(", ", channels)}, out {Quad} a, out {Quad} b, out {Quad} c, out {Quad} d);");
                for (int p = 0; p < ReorderPlan.Square; p++)
                    for (int lane = 0; lane < to.Block; lane += ReorderPlan.Square)
                        writer.Line($"*({Quad}*)({"target" + PlaneUnits.Plus((p * to.PixelBytes) + (lane * sizeof(float)))}) = {(lane == 0 ? "abcd"[p].ToString() : Zero)};");
            }

            writer.Line($"x += {from.RowBytes};");
            writer.Line($"y += {to.RowBytes};");
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
