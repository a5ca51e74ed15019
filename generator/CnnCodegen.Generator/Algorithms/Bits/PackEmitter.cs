using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>Writes the packing of floats: 1 for those of at least 0, pixel by pixel, word by word.</summary>
internal static class PackEmitter
{
    public static void Emit(BitsPlan plan, SourceWriter writer)
    {
        Dialect isa = new(plan.Isa);
        TensorView from = plan.From;
        BitsRows.Emit(plan, writer, () =>
        {
            string row = NestWriter.Term("row", from.H, from.RowBytes);
            if (row.Length > 0) writer.Line($"x += {row.Substring(3)};");
            using (writer.Loop("column", from.W))
            {
                for (int word = 0; word < plan.Words; word++)
                {
                    if (word > 1) break;
                    bool last = plan.Words == 1 || word == 1;
                    int channels = last ? from.C - ((plan.Words - 1) * 64) : 64;
                    using (last ? writer.Repeat("", 1) : writer.Loop("word", plan.Words - 1))
                    {
                        string index = plan.Words == 1 ? "" : last ? $"{plan.Words - 1}" : "word";
                        EmitWord(plan, writer, isa, index, channels);
                    }
                }

                writer.Line($"x += {from.PixelBytes};");
                writer.Line($"y += {plan.To.PixelBytes};");
            }
        });
    }

    private static void EmitWord(BitsPlan plan, SourceWriter writer, Dialect isa, string word, int channels)
    {
        TensorView from = plan.From;
        int lanes = isa.Lanes, channelBytes = from.ChannelBytes;
        bool together = from.Form == Form.Blocked || channelBytes == sizeof(float);
        int vectorBytes = from.Form == Form.Blocked ? from.BlockBytes : lanes * sizeof(float);
        int step = together ? 64 / lanes * vectorBytes : 64 * channelBytes;
        writer.Line($"byte* source = x{(word.Length == 0 ? "" : $" + ({word} * {step}L)")};");
        writer.Line("ulong bits = 0;");
        if (together)
        {
            // A block of channels is there to its end; behind the last channel of anything else there may be no memory.
            int vectors = from.Form == Form.Blocked ? (channels + lanes - 1) / lanes : channels / lanes;
            for (int v = 0; v < vectors; v++)
                writer.Line($"bits |= (ulong){isa.Class}.ExtractMostSignificantBits({isa.Class}.GreaterThanOrEqual({isa.Load("source" + PlaneUnits.Plus((long)v * vectorBytes))}, {isa.Zero})) << {v * lanes};");
            if (from.Form != Form.Blocked && channels % lanes != 0)
            {
                using (writer.Open($"for (int channel = {vectors * lanes}; channel < {channels}; channel++)"))
                    writer.Line("if (((float*)source)[channel] >= 0) bits |= 1UL << channel;");
            }
            else if (channels % lanes != 0)
            {
                writer.Line($"bits &= {plan.LastMask}UL;");
            }
        }
        else
        {
            using (writer.Loop("channel", channels))
                writer.Line($"if (*(float*)(source + (channel * {channelBytes}L)) >= 0) bits |= 1UL << channel;");
        }

        writer.Line($"((ulong*)y)[{(word.Length == 0 ? "0" : word)}] = bits;");
    }
}
