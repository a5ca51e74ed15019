using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Strassen;

/// <summary>
/// Writes the kernel of an <see cref="Int8StrassenPlan"/>: the factors made of the input, the seven products and what becomes of their sums.
/// x11 is the first half of the pixels and of the channels, x12 the second of the pixels, x21 the second of the channels; y likewise.
/// </summary>
internal sealed class Int8StrassenEmitter(Int8StrassenPlan plan, SourceWriter writer)
{
    private readonly CodeDialect _isa = new(plan.Isa);
    private readonly WordTile _words = plan.Words;

    private string WordType => plan.Isa == Isa.Portable ? "Vector128<short>" : "Vector256<short>";

    public void Emit()
    {
        EmitRun();
        writer.Blank();
        EmitHalves();
        writer.Blank();
        EmitFactors();
        writer.Blank();
        EmitProduct();
        foreach (WordDot dot in WordDot.Of(plan.Isa))
        {
            WordTileEmitter tiles = new(_words, dot, writer);
            foreach ((int size, _) in _words.Pieces.Pieces)
            {
                writer.Blank();
                tiles.Emit(size, "pixels");
            }
        }

        writer.Blank();
        EmitCombine();
        writer.Blank();
        EmitFinish();
        writer.Blank();
        EmitRow();
    }

    private void EmitRun()
    {
        (int strips, int parts) = (plan.Strips.Count, plan.Parts.Count);
        string unit = string.Concat(plan.Images > 1 ? "one image, " : "", strips > 1 ? "a strip of its pixels, " : "", parts > 1 ? "a part of the output channels" : "all output channels");
        NestWriter.Run(writer, unit, () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("strip", strips), ("part", parts));
            string at(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin) + NestWriter.Term("image", plan.Images, strides.Image);
            ChannelParts.WriteBlock(writer, plan.Strips, "strip");
            ChannelParts.WriteTiles(writer, plan.Parts, $"Factors({at("operands.Input", plan.Input)}, operands.Scratch, first, behind);", () =>
            {
                string first = $"(channels * {_words.Vectors})", second = $"((channels * {_words.Vectors}) + {plan.HalfVectors})";
                string value(string pointer, Int8Value value, string vector) => $"{at(pointer, value.Strides)} + {value.VectorOffset(vector, _words.Lanes)}";
                List<string> arguments =
                [
                    "operands.Scratch",
                    $"operands.Weights + {3 * plan.TableBytes} + (channels * {Int8StrassenPlan.Products * (long)_words.ChunkBytes}L)",
                    $"operands.Weights + ({first} * {_words.VectorBytes})",
                ];
                if (plan.Residual is { } r) arguments.AddRange([value("operands.Second", r, first), value("operands.Second", r, second)]);
                arguments.AddRange([value("operands.Output", plan.Output, first), value("operands.Output", plan.Output, second), "first", "behind"]);
                writer.Line($"Halves({string.Join(", ", arguments)});");
            });
        });
    }

    private void EmitHalves()
    {
        string residuals = plan.Residual is null ? "" : "byte* r1, byte* r2, ";
        writer.Line("/// <summary>One register tile of both halves of the output channels over a strip: seven products, which add up where they are needed.</summary>");
        using (writer.Open($"private static void Halves(byte* v, byte* w, byte* table, {residuals}byte* y1, byte* y2, int first, int behind)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"int middle = first + {plan.Half};");
            writer.Line($"byte* a = v + {plan.InBytes}, b = a + {plan.BufferBytes}, c = b + {plan.BufferBytes};");
            writer.Line($"byte* second = table + {plan.HalfVectors * _words.VectorBytes};");
            writer.Line($"new Span<byte>(a, {plan.BufferBytes}).Clear();");
            Product(0, 0, "a", "a", "a = a11 x11");
            Product(1, 1, "a", "b", "y11 = a + a12 x21");
            Finish("b", "table", "1", "first", "middle");
            Product(2, 4, "a", "a", "a += (a21 + a22 - a11) (x22 - x12 + x11)");
            Product(3, 5, "a", "b", "b = a + (a11 - a21) (x22 - x12)");
            Product(4, 6, "b", "c", "y21 = b - a22 (x22 - x12 + x11 - x21)");
            Finish("c", "second", "2", "first", "middle");
            Product(5, 3, "a", "c", "c = a + (a21 + a22) (x12 - x11)");
            writer.Line("Combine(a, b, c); // y22 = c + (b - a)");
            Finish("b", "second", "2", "middle", "behind");
            Product(6, 2, "c", "c", "y12 = c + (a12 - a21 - a22 + a11) x22");
            Finish("c", "table", "1", "middle", "behind");
        }

        void Product(int product, int factor, string from, string to, string formula) =>
            writer.Line($"Product(v{PlaneUnits.Plus((long)factor * plan.FactorBytes)}, w{PlaneUnits.Plus((long)product * _words.ChunkBytes)}, {from}, {to}); // {formula}");

        void Finish(string sums, string table, string half, string begin, string end) =>
            writer.Line($"Finish({sums}, {table}, {(plan.Residual is null ? "" : $"r{half}, ")}y{half}, {begin}, {(end == "middle" ? "Math.Min(middle, behind)" : end)});");
    }

    private void EmitFactors()
    {
        writer.Line("/// <summary>The factors made of the codes of the pixels [first, behind): x11, x21, x22, x12 - x11, x22 - x12 + x11, x22 - x12 and x22 - x12 + x11 - x21.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Factors(byte* x, byte* v, int first, int behind)"))
        using (writer.Open("unchecked"))
        using (writer.Open($"for (int pixel = first; pixel < first + {plan.Half}; pixel++, v += {_words.RowBytes})"))
        {
            writer.Line("// The second half of a strip may end before the first: what stands for the missing pixel is not used.");
            writer.Line($"int other = Math.Min(pixel + {plan.Half}, behind - 1);");
            writer.Line($"byte* d1 = x + {Offset("pixel", plan.Input)}, d2 = x + {Offset("other", plan.Input)};");
            using (writer.Open($"for (int channel = 0; channel < {_words.Channels}; channel += {plan.SumChannels})"))
            {
                writer.Line($"{WordType} x11 = {Load($"d1 + channel")}, x21 = {Load($"d1 + channel + {_words.Channels}")};");
                writer.Line($"{WordType} x12 = {Load($"d2 + channel")}, x22 = {Load($"d2 + channel + {_words.Channels}")};");
                writer.Line($"{WordType} x1 = x12 - x11, x2 = x22 - x1;");
                writer.Line("byte* to = v + (2 * channel);");
                string[] factors = ["x11", "x21", "x22", "x1", "x2", "x22 - x12", "x2 - x21"];
                for (int i = 0; i < factors.Length; i++) writer.Line($"*({WordType}*)(to{PlaneUnits.Plus((long)i * plan.FactorBytes)}) = {factors[i]};");
            }
        }
    }

    private void EmitProduct()
    {
        writer.Line("/// <summary>to = from + a product of weights and a factor.</summary>");
        using (writer.Open("private static void Product(byte* v, byte* w, byte* from, byte* to)"))
        using (writer.Open("unchecked"))
        {
            if (_words.Prefetches) writer.Line($"byte* next = w + {_words.ChunkBytes};");
            IReadOnlyList<WordDot> dots = WordDot.Of(plan.Isa);
            for (int i = 0; i < dots.Count; i++)
            {
                string branch = dots[i].Check.Length > 0 ? $"if ({dots[i].Check})" : i > 0 ? "else" : "";
                using (branch.Length > 0 ? writer.Open(branch) : (IDisposable?)null)
                {
                    int pixel = 0;
                    foreach ((int size, int count) in _words.Pieces.Pieces)
                    {
                        string at(string pointer, int step) => pointer + PlaneUnits.Plus((long)pixel * step);
                        writer.Line($"{dots[i].Name}{size}({at("v", _words.RowBytes)}, w, {at("from", _words.SumBytes)}, {at("to", _words.SumBytes)}, {count}{(_words.Prefetches ? ", ref next" : "")});");
                        pixel += size * count;
                    }
                }
            }
        }
    }

    private void EmitCombine()
    {
        writer.Line("/// <summary>b = c + (b - a).</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Combine(byte* a, byte* b, byte* c)"))
        using (writer.Open("unchecked"))
            writer.Line($"for (int i = 0; i < {plan.BufferBytes}; i += {_words.VectorBytes}) {_isa.Load("b + i")} = {_isa.Load("c + i")} + ({_isa.Load("b + i")} - {_isa.Load("a + i")});");
    }

    private void EmitFinish()
    {
        PlaneStrides y = plan.Output.Strides;
        writer.Line("/// <summary>Results of the sums of the pixels [first, behind).</summary>");
        using (writer.Open($"private static void Finish(byte* m, byte* table, {Residual("byte* residual, ")}byte* y, int first, int behind)"))
        using (writer.Open("unchecked"))
        {
            using (writer.Open("while (first < behind)"))
            {
                writer.Line($"int count = Math.Min({plan.Width} - (first % {plan.Width}), behind - first);");
                writer.Line($"Row(m, table, {Residual($"residual + {(plan.Residual is { } r ? Offset("first", r.Strides) : "")}, ")}y + {Offset("first", y)}, count);");
                writer.Line($"m += count * {_words.SumBytes};");
                writer.Line("first += count;");
            }
        }
    }

    private void EmitRow()
    {
        writer.Line("/// <summary>Results of the sums of pixels that lie side by side.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Row(byte* m, byte* table, {Residual("byte* r0, ")}byte* y0, int count)"))
        using (writer.Open("unchecked"))
        {
            for (int v = 1; v < _words.Vectors; v++)
            {
                writer.Line($"byte* y{v} = y0 + {v * plan.Output.VectorStep(_words.Lanes)};");
                if (plan.Residual is { } r) writer.Line($"byte* r{v} = r0 + {v * r.VectorStep(_words.Lanes)};");
            }

            for (int v = 0; v < _words.Vectors; v++)
            {
                writer.Line($"{_isa.Type} start{v} = {_isa.Load($"table + {v * _words.VectorBytes}")};");
                writer.Line($"{_isa.Floats.Type} scale{v} = {_isa.Floats.Load($"table + {plan.TableBytes + (v * _words.VectorBytes)}")};");
                writer.Line($"{_isa.Floats.Type} bias{v} = {_isa.Floats.Load($"table + {(2 * plan.TableBytes) + (v * _words.VectorBytes)}")};");
            }

            using (writer.Open("for (; count >= 2; count -= 2)")) EmitPixels(2);
            using (writer.Open("if (count > 0)")) EmitPixels(1);
        }
    }

    private void EmitPixels(int pixels)
    {
        Int8Sum[] sums = [.. from pixel in Enumerable.Range(0, pixels) from v in Enumerable.Range(0, _words.Vectors) select new Int8Sum($"a{pixel}_{v}", v, 0, pixel)];
        foreach (Int8Sum sum in sums) writer.Line($"{_isa.Type} {sum.Name} = {_isa.Load($"m + {(sum.Column * _words.SumBytes) + (sum.Vector * _words.VectorBytes)}")} + start{sum.Vector};");
        new Int8ResultEmitter(plan.Isa, plan.Output, plan.Residual, plan.Activation, writer).Emit(sums, vectors: _words.Vectors);
        if (pixels == 1) return;
        writer.Line($"m += {pixels * _words.SumBytes};");
        for (int v = 0; v < _words.Vectors; v++)
        {
            writer.Line($"y{v} += {pixels * plan.Output.Strides.Column};");
            if (plan.Residual is { } r) writer.Line($"r{v} += {pixels * r.Strides.Column};");
        }
    }

    /// <summary>The text for the residual, if there is one.</summary>
    private string Residual(string text) => plan.Residual is null ? "" : text;

    /// <summary>Where a pixel of the plane lies.</summary>
    private string Offset(string pixel, PlaneStrides strides) => plan.Width * strides.Column == strides.Row || plan.Width == plan.Strips.Extent
        ? $"({pixel} * {strides.Column})"
        : $"({pixel} / {plan.Width} * {strides.Row}) + ({pixel} % {plan.Width} * {strides.Column})";

    /// <summary>Codes of neighbouring channels as words.</summary>
    private string Load(string pointer) => plan.Isa == Isa.Portable
        ? $"Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)({pointer})).AsByte()).AsInt16()"
        : $"Avx2.ConvertToVector256Int16({pointer})";
}
