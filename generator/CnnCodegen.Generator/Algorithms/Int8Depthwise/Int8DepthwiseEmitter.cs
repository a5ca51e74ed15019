using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Depthwise;

/// <summary>Writes the loop nest of an <see cref="Int8DepthwisePlan"/>: rows, tiles of columns, vectors of channels, and a tile's products in a row.</summary>
internal sealed class Int8DepthwiseEmitter(Int8DepthwisePlan plan, SourceWriter writer)
{
    private readonly CodeDialect _isa = new(plan.Isa);

    private bool Pairs => plan.DotRows > 1;

    private string CodeType => Pairs ? "Vector256<short>" : _isa.Type;

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "all channels", "rows", EmitUnit);
        foreach ((int columns, _) in plan.Columns.Pieces)
        {
            writer.Blank();
            EmitTiles(columns);
        }
    }

    private void EmitUnit()
    {
        PlaneUnits planes = plan.Planes;
        writer.Line($"byte* x = {planes.At("operands.Input", plan.Input)};");
        if (plan.Residual is { } r) writer.Line($"byte* residual = {planes.At("operands.Second", r.Strides)};");
        writer.Line($"byte* y = {planes.At("operands.Output", plan.Output.Strides)};");
        writer.Line($"int last = {planes.End};");
        using (writer.Open($"for (int row = {planes.First}; row < last; row++)"))
        {
            int column = 0;
            foreach ((int size, int count) in plan.Columns.Pieces)
            {
                string at(string pointer, PlaneStrides strides) => $"{pointer} + (row * {strides.Row})" + PlaneUnits.Plus(column * (long)strides.Column);
                string second = plan.Residual is null ? "" : at("residual", plan.Residual.Strides) + ", ";
                writer.Line($"Columns{size}({at("x", plan.Input)}, operands.Weights, {second}{at("y", plan.Output.Strides)}, {count});");
                column += size * count;
            }
        }
    }

    private void EmitTiles(int columns)
    {
        writer.Line($"/// <summary>Tiles of {columns} pixels of a row, all channels.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Columns{columns}(byte* x, byte* weights, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y, int tiles)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            using (writer.Open($"for (int vector = 0; vector < {plan.Vectors}; vector++)")) EmitVector(columns);
            writer.Line($"x += {columns * plan.Input.Column};");
            if (plan.Residual is { } r) writer.Line($"residual += {columns * r.Strides.Column};");
            writer.Line($"y += {columns * plan.Output.Strides.Column};");
        }
    }

    private void EmitVector(int columns)
    {
        if (plan.LastChannel % plan.Lanes != 0) writer.Line("// The last vector computes some channels a second time.");
        writer.Line($"int channel = {(plan.LastChannel % plan.Lanes == 0 ? $"vector * {plan.Lanes}" : $"Math.Min(vector * {plan.Lanes}, {plan.LastChannel})")};");
        writer.Line($"byte* table = weights + (vector * {plan.VectorBytes});");
        writer.Line($"byte* w = weights + {3 * plan.TableBytes} + (vector * {plan.VectorWeights});");
        writer.Line("byte* xc = x + channel;");
        writer.Line($"byte* y0 = y + {Offset(plan.Output)};");
        if (plan.Residual is { } residual) writer.Line($"byte* r0 = residual + {Offset(residual)};");
        writer.Line($"{_isa.Type} start = {_isa.Load("table")};");
        writer.Line($"{_isa.Floats.Type} scale0 = {_isa.Floats.Load($"table + {plan.TableBytes}")};");
        writer.Line($"{_isa.Floats.Type} bias0 = {_isa.Floats.Load($"table + {2 * plan.TableBytes}")};");
        EmitProducts(columns);
    }

    /// <summary>Each column of codes is loaded once for all outputs it belongs to; a result is stored as soon as its sum is complete.</summary>
    private void EmitProducts(int columns)
    {
        var uses = from output in Enumerable.Range(0, columns)
                   from kw in Enumerable.Range(0, plan.KernelW)
                   group (Output: output, Column: kw) by (output * plan.Input.Column) + (kw * plan.TapColumn) into pixel
                   orderby pixel.Key
                   select pixel;
        int[] left = [.. Enumerable.Repeat(plan.KernelW, columns)];
        Int8ResultEmitter results = new(plan.Isa, plan.Output, plan.Residual, plan.Activation, writer);
        List<Int8Sum> complete = [];
        writer.Line($"{CodeType} v;");
        foreach (var pixel in uses)
        {
            for (int product = 0; product < plan.ColumnProducts; product++)
            {
                writer.Line($"v = {Codes(pixel.Key + (product * plan.DotRows * plan.TapRow), (product + 1) * plan.DotRows <= plan.KernelH)};");
                foreach ((int output, int kw) in pixel)
                {
                    bool first = left[output] == plan.KernelW && product == 0;
                    int weight = (kw * plan.ColumnProducts) + product;
                    writer.Line($"{(first ? _isa.Type + " " : "")}a{output} = {(first ? "start" : $"a{output}")} + {Product("v", Load(weight))};");
                }
            }

            foreach ((int output, _) in pixel)
                if (--left[output] == 0) complete.Add(new Int8Sum($"a{output}", 0, 0, output));
            if (complete.Count < Int8ResultEmitter.Packed) continue;
            results.Emit(complete);
            complete.Clear();
        }

        results.Emit(complete);
    }

    /// <summary>The codes of a kernel column's rows, next to each other for every lane; a single row stands beside zeros.</summary>
    private string Codes(int offset, bool whole)
    {
        string at = $"xc + {offset}";
        if (!Pairs) return _isa.LoadCodes(at);
        if (!whole) return $"Avx2.ConvertToVector256Int32({at}).AsInt16()";
        return $"Avx2.ConvertToVector256Int16(Sse2.UnpackLow({Half(at)}, {Half($"xc + {offset + plan.TapRow}")}))";

        static string Half(string pointer) => $"Vector128.CreateScalarUnsafe(*(ulong*)({pointer})).AsByte()";
    }

    private string Product(string codes, string weights) => Pairs ? $"Avx2.MultiplyAddAdjacent({codes}, {weights})" : $"({codes} * {weights})";

    private string Load(int product) => $"*({CodeType}*)(w + {product * plan.VectorBytes})";

    private string Offset(Int8Value value) => value.Grid is null ? value.VectorOffset("vector", plan.Lanes) : "channel";
}
