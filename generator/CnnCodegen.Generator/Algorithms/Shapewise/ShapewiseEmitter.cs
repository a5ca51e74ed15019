using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Shapewise;

/// <summary>Writes the loop nest of a <see cref="ShapewisePlan"/>: rows of a tile of output channels, tiles of pixels, taps of the list.</summary>
internal sealed class ShapewiseEmitter(ShapewisePlan plan, SourceWriter writer)
{
    private readonly Dialect _vector = new(plan.Isa);

    public void Emit()
    {
        NestWriter.Run(writer, "one row of a tile of output channels" + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("channels", plan.Tiles), ("row", plan.OutH));
            writer.Line($"byte* x = {At("operands.Input", plan.Input, 0)};");
            writer.Line($"byte* y = {At("operands.Output", plan.Output, plan.Output.Block)};");
            if (plan.Residual is { } r) writer.Line($"byte* residual = {At("operands.Second", r, r.Block)};");
            writer.Line($"byte* bias = operands.Weights{NestWriter.Term("channels", plan.Tiles, plan.Vectors * plan.VectorBytes)};");
            writer.Line($"byte* w = operands.Weights + {plan.ValuesOffset}{(plan.Tiles > 1 ? $" + (channels * {plan.TileBytes}L)" : "")};");
            writer.Line($"int* places = (int*)(operands.Weights + {plan.PlacesOffset}), stop = places + *(int*)(operands.Weights + {plan.CountOffset});");
            foreach ((int pixels, int count) in plan.Columns.Pieces)
            {
                using (writer.Repeat("column", count))
                {
                    writer.Line($"Tile{pixels}(x, bias, w, places, stop, {(plan.Residual is null ? "" : "residual, ")}y);");
                    writer.Line($"x += {pixels * plan.Input.Column};").Line($"y += {pixels * plan.Output.Column};");
                    if (plan.Residual is { } residual) writer.Line($"residual += {pixels * residual.Column};");
                }
            }
        });
        foreach ((int pixels, _) in plan.Columns.Pieces) EmitTile(pixels);
    }

    private string At(string pointer, PlaneStrides strides, int block) => pointer + PlaneUnits.Plus(strides.Origin)
        + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "") + (plan.Tiles > 1 && block > 0 ? $" + (channels * {(long)plan.Vectors * block}L)" : "")
        + NestWriter.Term("row", plan.OutH, strides.Row);

    private void EmitTile(int pixels)
    {
        (int Pixel, int Vector, string Sum)[] sums = [.. from p in Enumerable.Range(0, pixels) from v in Enumerable.Range(0, plan.Vectors) select (p, v, $"a{(p * plan.Vectors) + v}")];
        writer.Blank().Line("/// <summary>The sums of a few pixels of a row over the taps of the list.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Tile{pixels}(byte* x, byte* bias, byte* w, int* places, int* end, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y)"))
        using (writer.Open("unchecked"))
        {
            foreach ((_, int vector, string sum) in sums) writer.Line($"{_vector.Type} {sum} = {_vector.Load($"bias + {vector * plan.VectorBytes}")};");
            using (writer.Open("for (; places < end; places++)"))
            {
                writer.Line("byte* p = x + *places;");
                for (int v = 0; v < plan.Vectors; v++) writer.Line($"{_vector.Type} w{v} = {_vector.Load($"w + {v * plan.VectorBytes}")};");
                for (int p = 0; p < pixels; p++)
                {
                    writer.Line($"{_vector.Type} x{p} = {_vector.Broadcast(Dialect.Float($"p + {p * plan.Input.Column}"))};");
                    foreach ((_, int vector, string sum) in sums.Where(s => s.Pixel == p)) writer.Line($"{sum} = {_vector.MultiplyAdd($"x{p}", $"w{vector}", sum)};");
                }

                writer.Line($"w += {plan.Vectors * plan.VectorBytes};");
            }

            writer.Blank();
            foreach ((int pixel, int vector, string sum) in sums)
            {
                if (plan.Residual is { } r) writer.Line($"{sum} += {_vector.Load($"residual + {((long)vector * r.Block) + (pixel * r.Column)}")};");
                if (plan.Activation is { } activation) writer.Line($"{sum} = {_vector.Activate(activation, sum)};");
                writer.Line(_vector.Store($"y + {((long)vector * plan.Output.Block) + (pixel * plan.Output.Column)}", sum));
            }
        }
    }
}
