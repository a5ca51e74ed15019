using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes the register tiles of an <see cref="Int8Plan"/> for one kind of dot product: start values, the reduction, and the store.</summary>
internal sealed class Int8TileEmitter(Int8Plan plan, Tiling tiling, SourceWriter writer)
{
    private readonly CodeDialect _isa = new(plan.Isa);

    private readonly Dot _dot = tiling.Dot;

    public void Emit(PixelTile tile)
    {
        List<string> parameters = ["byte* x", "byte* w", "byte* table"];
        if (plan.Prefetches(tiling)) parameters.Add("ref byte* next");
        for (int v = 0; v < tiling.Vectors; v++)
        {
            if (plan.Residual is not null) parameters.Add($"byte* r{v}");
            parameters.Add($"byte* y{v}");
        }

        parameters.Add("int tiles");
        if (plan.HalfTail) parameters.Add("bool half");
        writer.Line($"/// <summary>Tiles of {tile.Description} by {tiling.Vectors * plan.Lanes} output channels.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {_dot.Name}{tile.Name}({string.Join(", ", parameters)})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            if (plan.Prefetches(tiling))
            {
                int lines = plan.PrefetchLines(tiling);
                writer.Line("// The weights of the next tile of channels.");
                for (int i = 0; i < lines; i++) writer.Line(_isa.Floats.Prefetch($"next + {i * Alignment.Bytes}")!);
                writer.Line($"next += {lines * Alignment.Bytes};").Blank();
            }

            for (int v = 0; v < tiling.Vectors; v++)
            {
                for (int pixel = 0; pixel < tile.Pixels.Count; pixel++)
                    writer.Line($"{_isa.Type} {Sum(pixel, v)} = {(pixel == 0 ? _isa.Load($"table + {v * plan.VectorBytes}") : Sum(0, v))};");
            }

            EmitReduction(tile);
            writer.Blank();
            EmitEpilogue(tile);
            writer.Line($"x += {tile.Columns * plan.Input.Column * _dot.CodeBytes};");
            for (int v = 0; v < tiling.Vectors; v++)
            {
                writer.Line($"y{v} += {tile.Columns * plan.Output.Strides.Column};");
                if (plan.Residual is { } r) writer.Line($"r{v} += {tile.Columns * r.Strides.Column};");
            }
        }
    }

    /// <summary>The loops over runs and their bytes; a loop of one iteration is left out.</summary>
    private void EmitReduction(PixelTile tile)
    {
        writer.Line("byte* ws = w;");
        string x = "x";
        Stack<(IDisposable Block, string Next)> open = new();
        Loop("xRow", plan.RunRows, plan.TapRow);
        Loop("xTap", plan.RunColumns, plan.TapColumn);
        Loop("xs", plan.RunBytes / plan.Step, plan.Step);
        for (int channel = 0; channel < plan.Step; channel += _dot.Channels)
        {
            for (int v = 0; v < tiling.Vectors; v++)
                writer.Line($"{_dot.WeightType} w{channel}_{v} = {_dot.Weights($"ws + {(v * plan.VectorWeights) + (channel * plan.Lanes * _dot.WeightBytes)}")};");
            for (int pixel = 0; pixel < tile.Pixels.Count; pixel++)
            {
                (int row, int column) = tile.Pixels[pixel];
                int offset = ((row * plan.Input.Row) + (column * plan.Input.Column) + channel) * _dot.CodeBytes;
                string codes = _dot.Codes($"{x} + {offset}");
                if (tiling.Vectors > 1)
                {
                    writer.Line($"{_dot.CodeType} x{channel}_{pixel} = {codes};");
                    codes = $"x{channel}_{pixel}";
                }

                (string, string)[] sums = [.. Enumerable.Range(0, tiling.Vectors).Select(v => (Sum(pixel, v), $"w{channel}_{v}"))];
                DotText.Write(writer, sums, codes, $"p{channel}_{pixel}", _isa.Type, _dot.Product, _dot.MultiplyAdd);
            }
        }

        writer.Line($"ws += {plan.Step * plan.Lanes * _dot.WeightBytes};");
        while (open.Count > 0)
        {
            (IDisposable block, string next) = open.Pop();
            writer.Line(next);
            block.Dispose();
        }

        void Loop(string pointer, int count, int bytes)
        {
            if (count == 1) return;
            writer.Line($"byte* {pointer} = {x};");
            open.Push((writer.Loop($"{pointer}Index", count), $"{pointer} += {bytes * _dot.CodeBytes};"));
            x = pointer;
        }
    }

    private void EmitEpilogue(PixelTile tile)
    {
        for (int v = 0; v < tiling.Vectors; v++)
        {
            writer.Line($"{_isa.Floats.Type} scale{v} = {_isa.Floats.Load($"table + {plan.TableBytes + (v * plan.VectorBytes)}")};");
            writer.Line($"{_isa.Floats.Type} bias{v} = {_isa.Floats.Load($"table + {(2 * plan.TableBytes) + (v * plan.VectorBytes)}")};");
        }

        Int8Sum[] sums = [.. tile.Pixels.SelectMany((p, pixel) => Enumerable.Range(0, tiling.Vectors).Select(v => new Int8Sum(Sum(pixel, v), v, p.Row, p.Column)))];
        new Int8ResultEmitter(plan.Isa, plan.Output, plan.Residual, plan.Activation, writer).Emit(sums, plan.HalfTail ? "half" : null, tiling.Vectors);
    }

    private static string Sum(int pixel, int vector) => $"a{pixel}_{vector}";
}
