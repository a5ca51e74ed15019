using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>Writes the change of bits to -1 and 1.</summary>
internal static class UnpackEmitter
{
    public static void Emit(BitsPlan plan, SourceWriter writer)
    {
        Dialect isa = new(plan.Isa);
        (TensorView from, TensorView to) = (plan.From, plan.To);
        BitsRows.Emit(plan, writer, () =>
        {
            string row = NestWriter.Term("row", from.H, from.RowBytes);
            if (row.Length > 0) writer.Line($"x += {row.Substring(3)};");
            if (to.Form == Form.Blocked)
            {
                writer.Line($"{isa.Class}<int> lanes = {isa.Class}.Create({string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => 1 << lane))});");
                using (writer.Loop("column", from.W))
                {
                    using (writer.Loop("block", to.Blocks))
                    {
                        writer.Line($"int bits = (int)(((ulong*)x)[block / {64 / isa.Lanes}] >> (block % {64 / isa.Lanes} * {isa.Lanes}));");
                        writer.Line($"{isa.Class}<float> set = {isa.Class}.Equals({isa.Class}.Create(bits) & lanes, lanes).AsSingle();");
                        writer.Line(isa.Store($"y + (block * {to.BlockBytes}L)", $"{isa.Class}.ConditionalSelect(set, {isa.Broadcast("1f")}, {isa.Broadcast("-1f")})"));
                    }

                    writer.Line($"x += {from.PixelBytes};");
                    writer.Line($"y += {to.PixelBytes};");
                }

                return;
            }

            using (writer.Loop("column", from.W))
            {
                using (writer.Loop("channel", to.C))
                    writer.Line($"*(float*)(y + (channel * {to.ChannelBytes}L)) = (((ulong*)x)[channel / 64] >> (channel % 64) & 1) != 0 ? 1 : -1;");
                writer.Line($"x += {from.PixelBytes};");
                writer.Line($"y += {to.PixelBytes};");
            }
        });
    }
}
