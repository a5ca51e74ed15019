using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Codes;

/// <summary>Writes the loops of a <see cref="CodesPlan"/>: rows of one image, channels, pixels.</summary>
internal sealed class CodesEmitter(CodesPlan plan, SourceWriter writer)
{
    /// <summary>Channels whose codes make a word.</summary>
    private const int Word = 4;

    private readonly CodeDialect _isa = new(plan.Isa);

    /// <summary>Vectors of channels.</summary>
    private int Vectors => (plan.From.C + _isa.Lanes - 1) / _isa.Lanes;

    public void Emit()
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        NestWriter.Run(writer, from.N > 1 ? "one row of one image" : "one row", () =>
        {
            NestWriter.Digits(writer, ("image", from.N), ("row", from.H));
            writer.Line($"byte* x = {Start("operands.Input", from)};");
            writer.Line($"byte* y = {Start("operands.Output", to)};");
            if (plan.Floats.Block > 1) EmitVectors();
            else if (plan.Quantizes) EmitWords();
            else EmitChannels();
        });
        if (plan.Quantizes && plan.From.Block == 1)
        {
            writer.Blank();
            writer.Line("/// <summary>The code of one value.</summary>");
            using (writer.Open("private static uint Code(float x)"))
            {
                writer.Line($"float code = MathF.Round({ScaleText.ToUnits("x", plan.Grid.Scale, plan.Grid.Levels)});");
                writer.Line($"return (uint)((code >= {Literals.Float(plan.Grid.Low)} ? (int)Math.Min(code, {Literals.Float(plan.Grid.High)}) : {Literals.Int(plan.Grid.Low)}) + {plan.Grid.Zero});");
            }
        }
    }

    /// <summary>Channel blocks: a vector holds channels of one pixel on both sides.</summary>
    private void EmitVectors()
    {
        (TensorView floats, TensorView codes) = (plan.Floats, plan.Codes);
        int perBlock = floats.Block / _isa.Lanes, all = floats.Blocks * perBlock;
        bool half = _isa.Lanes > Word && floats.C % _isa.Lanes is > 0 and <= Word;
        using (writer.Loop("vector", Vectors))
        {
            string block = perBlock == 1 ? $"(vector * {floats.BlockBytes}L)" : $"(vector / {perBlock} * {floats.BlockBytes}L) + (vector % {perBlock} * {_isa.Lanes * 4})";
            writer.Line($"byte* f = {(plan.Quantizes ? "x" : "y")} + {block};");
            writer.Line($"byte* c = {(plan.Quantizes ? "y" : "x")} + (vector * {_isa.Lanes});");
            if (half) writer.Line($"bool half = vector == {Vectors - 1};");
            using (writer.Open($"for (int pixel = 0; pixel < {floats.W}; pixel++, f += {floats.PixelBytes}, c += {codes.PixelBytes})"))
            {
                if (plan.Quantizes)
                {
                    writer.Line($"{_isa.Type} code = {Quantized(_isa.Floats.Load("f"))};");
                    writer.Line(_isa.StoreCodes("c", "code", half ? "half" : null));
                }
                else
                {
                    writer.Line($"{_isa.Type} code = {_isa.LoadCodes("c", half ? "half" : null)} - {_isa.Class}.Create({plan.Grid.Zero});");
                    writer.Line(_isa.Floats.Store("f", ScaleText.FromUnits(_isa.ToFloat("code"), plan.Grid.Scale, plan.Grid.Levels, _isa.Floats.Broadcast)));
                }
            }
        }

        if (plan.Quantizes || all == Vectors) return;
        writer.Blank().Line("// The part of the last block that has no channels.");
        writer.Line($"byte* rest = y + {(floats.Blocks - 1) * (long)floats.BlockBytes}L + {Vectors % perBlock * _isa.Lanes * 4};");
        writer.Line($"for (int pixel = 0; pixel < {floats.W}; pixel++, rest += {floats.PixelBytes}) {_isa.Floats.Store("rest", _isa.Floats.Zero)}");
    }

    /// <summary>Planes of channels to codes: four of them make a word.</summary>
    private void EmitWords()
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        int whole = from.W / _isa.Lanes * _isa.Lanes;
        for (int first = 0; first < from.C; first += Word)
        {
            // All but the last word in a loop.
            int count = Math.Min(Word, from.C - first), words = from.C / Word;
            bool loop = count == Word && words > 1;
            using (loop ? writer.Loop("word", words) : writer.Repeat("word", 1))
            {
                string word = loop ? "word" : $"{first / Word}";
                writer.Line($"byte* f = x + ({word} * {Word * (long)from.BlockBytes}L);");
                writer.Line($"byte* c = y + ({word} * {Word});");
                writer.Line("int pixel = 0;");
                if (whole > 0)
                {
                    using (writer.Open($"for (; pixel < {whole}; pixel += {_isa.Lanes}, f += {_isa.Lanes * 4}, c += {_isa.Lanes * to.PixelBytes})"))
                    {
                        for (int i = 0; i < count; i++)
                            writer.Line($"{_isa.Type} {(i == 0 ? "codes" : $"code{i}")} = {Quantized(_isa.Floats.Load($"f + {i * from.BlockBytes}"))};");
                        for (int i = 1; i < count; i++) writer.Line($"codes |= code{i} << {i * 8};");
                        if (to.PixelBytes == Word) writer.Line($"*({_isa.Type}*)c = codes;");
                        else for (int lane = 0; lane < _isa.Lanes; lane++) writer.Line($"*(int*)(c + {lane * to.PixelBytes}) = codes.GetElement({lane});");
                    }
                }

                if (whole < from.W)
                {
                    string codes = string.Join(" | ", Enumerable.Range(0, count).Select(i => $"Code({Dialect.Float($"f + {i * from.BlockBytes}")})" + (i == 0 ? "" : $" << {i * 8}")));
                    writer.Line($"for (; pixel < {from.W}; pixel++, f += 4, c += {to.PixelBytes}) *(uint*)c = {codes};");
                }
            }

            if (loop) first = (words - 1) * Word;
        }
    }

    /// <summary>Codes to planes of channels.</summary>
    private void EmitChannels()
    {
        (TensorView from, TensorView to) = (plan.From, plan.To);
        using (writer.Loop("channel", from.C))
        {
            writer.Line($"float* f = (float*)(y + (channel * {to.BlockBytes}L));");
            writer.Line("byte* c = x + channel;");
            writer.Line($"for (int pixel = 0; pixel < {from.W}; pixel++, c += {from.PixelBytes}) f[pixel] = {ScaleText.FromUnits($"(*c - {plan.Grid.Zero})", plan.Grid.Scale, plan.Grid.Levels)};");
        }
    }

    private string Quantized(string value) => _isa.ToCodes(plan.Grid, $"{_isa.Class}.Round({ScaleText.ToUnits(value, plan.Grid.Scale, plan.Grid.Levels, _isa.Floats.Broadcast)})");

    private static string Start(string pointer, TensorView view) => pointer + PlaneUnits.Plus(view.OriginBytes)
        + (view.N > 1 ? $" + (image * {view.ImageBytes}L)" : "") + (view.H > 1 ? $" + (row * {view.RowBytes}L)" : "");
}
