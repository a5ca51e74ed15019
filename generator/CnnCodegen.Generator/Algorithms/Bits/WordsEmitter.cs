using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>Writes the passes from bits to bits: max pooling and padding.</summary>
internal static class WordsEmitter
{
    public static void Emit(BitsPlan plan, SourceWriter writer)
    {
        BitsRows.Emit(plan, writer, () =>
        {
            if (plan.Kind == BitsKind.Pool) EmitPool(plan, writer);
            else EmitPad(plan, writer);
        });
        if (plan.Kind == BitsKind.Pad) EmitFill(plan, writer);
    }

    /// <summary>The border is 0 bits, which stand for -1 and never win.</summary>
    private static void EmitPool(BitsPlan plan, SourceWriter writer)
    {
        (WindowAxis rows, WindowAxis columns) = plan.Window!;
        int corner = (rows.PadBegin * plan.From.RowBytes) + (columns.PadBegin * plan.From.PixelBytes);
        writer.Line($"x += {Literals.Int(-corner)}{NestWriter.Term("row", plan.To.H, (long)rows.Stride * plan.From.RowBytes)};");
        using (writer.Loop("column", plan.To.W))
        {
            using (writer.Repeat("word", plan.Words))
            {
                string word = plan.Words > 1 ? " + (word * 8)" : "";
                for (int tap = 0; tap < plan.Window!.Taps; tap++)
                {
                    int offset = (tap / columns.Kernel * rows.Dilation * plan.From.RowBytes) + (tap % columns.Kernel * columns.Dilation * plan.From.PixelBytes);
                    writer.Line($"{(tap == 0 ? "ulong any =" : "any |=")} *(ulong*)(x{PlaneUnits.Plus(offset)}{word});");
                }

                writer.Line($"((ulong*)y)[{(plan.Words > 1 ? "word" : "0")}] = any;");
            }

            writer.Line($"x += {columns.Stride * plan.From.PixelBytes};");
            writer.Line($"y += {plan.To.PixelBytes};");
        }
    }

    private static void EmitPad(BitsPlan plan, SourceWriter writer)
    {
        (int top, int left) = (plan.Window!.Rows.PadBegin, plan.Window.Columns.PadBegin);
        string row = BitsRows.Row(plan);
        writer.Line($"int source = {row} - {top};");
        writer.Line($"bool inside = source >= 0 && source < {plan.From.H};");
        writer.Line($"Fill(y, inside ? {left} : {plan.To.W});");
        using (writer.Open("if (inside)"))
        {
            writer.Line($"Unsafe.CopyBlockUnaligned(y + {left * plan.To.PixelBytes}, x + (source * {plan.From.RowBytes}L), {plan.From.W * plan.From.PixelBytes});");
            writer.Line($"Fill(y + {(left + plan.From.W) * plan.To.PixelBytes}, {plan.To.W - plan.From.W - left});");
        }
    }

    private static void EmitFill(BitsPlan plan, SourceWriter writer)
    {
        writer.Blank().Line($"/// <summary>Makes pixels {(plan.Ones ? "1" : "-1")}.</summary>");
        using (writer.Open("private static void Fill(byte* y, int pixels)"))
        using (writer.Open("unchecked"))
        {
            if (!plan.Ones)
            {
                writer.Line($"Unsafe.InitBlockUnaligned(y, 0, (uint)pixels * {plan.To.PixelBytes});");
                return;
            }

            using (writer.Open("for (int pixel = 0; pixel < pixels; pixel++)"))
            {
                if (plan.Words > 1) writer.Line($"for (int word = 0; word < {plan.Words - 1}; word++) ((ulong*)y)[word] = ulong.MaxValue;");
                writer.Line($"((ulong*)y)[{plan.Words - 1}] = {plan.LastMask}UL;");
                writer.Line($"y += {plan.To.PixelBytes};");
            }
        }
    }
}
