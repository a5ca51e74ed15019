using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes the register tiles of an <see cref="Int8Plan"/> for one kind of dot product: start values, the reduction, and the store.</summary>
internal sealed class Int8TileEmitter(Int8Plan plan, Dot dot, SourceWriter writer)
{
    private readonly CodeDialect _isa = new(plan.Isa);

    private string? Half => plan.HalfTail ? "half" : null;

    public void Emit(PixelTile tile)
    {
        List<string> parameters = ["byte* x", "byte* w", "byte* table"];
        if (plan.Prefetches) parameters.Add("ref byte* next");
        if (plan.Residual is not null) parameters.Add("byte* residual");
        parameters.AddRange(["byte* y", "int tiles"]);
        if (plan.HalfTail) parameters.Add("bool half");
        writer.Line($"/// <summary>Tiles of {tile.Description} by {plan.Lanes} output channels.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {dot.Name}{tile.Name}({string.Join(", ", parameters)})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            if (plan.Prefetches)
            {
                writer.Line("// The weights of the next vector.");
                for (int i = 0; i < plan.PrefetchLines; i++) writer.Line(_isa.Floats.Prefetch($"next + {i * Alignment.Bytes}")!);
                writer.Line($"next += {plan.PrefetchLines * Alignment.Bytes};").Blank();
            }

            for (int pixel = 0; pixel < tile.Pixels.Count; pixel++) writer.Line($"{_isa.Type} a{pixel} = {(pixel == 0 ? _isa.Load("table") : "a0")};");
            EmitReduction(tile);
            writer.Blank();
            EmitEpilogue(tile);
            writer.Line($"x += {tile.Columns * plan.Input.Column * dot.CodeBytes};");
            writer.Line($"y += {tile.Columns * plan.Output.Strides.Column};");
            if (plan.Residual is { } r) writer.Line($"residual += {tile.Columns * r.Strides.Column};");
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
        for (int channel = 0; channel < plan.Step; channel += dot.Channels)
        {
            writer.Line($"{dot.WeightType} w{channel} = {dot.Weights($"ws + {channel * plan.Lanes}")};");
            for (int pixel = 0; pixel < tile.Pixels.Count; pixel++)
            {
                (int row, int column) = tile.Pixels[pixel];
                int offset = ((row * plan.Input.Row) + (column * plan.Input.Column) + channel) * dot.CodeBytes;
                writer.Line($"a{pixel} = {dot.MultiplyAdd($"a{pixel}", $"{x} + {offset}", $"w{channel}")};");
            }
        }

        writer.Line($"ws += {plan.Step * plan.Lanes};");
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
            open.Push((writer.Loop($"{pointer}Index", count), $"{pointer} += {bytes * dot.CodeBytes};"));
            x = pointer;
        }
    }

    private void EmitEpilogue(PixelTile tile)
    {
        Dialect floats = _isa.Floats;
        writer.Line($"{floats.Type} scale = {floats.Load($"table + {plan.TableBytes}")};");
        writer.Line($"{floats.Type} bias = {floats.Load($"table + {2 * plan.TableBytes}")};");
        for (int pixel = 0; pixel < tile.Pixels.Count; pixel++)
        {
            (int row, int column) = tile.Pixels[pixel];
            string at(string pointer, PlaneStrides strides) => $"{pointer} + {(row * strides.Row) + (column * strides.Column)}";
            string f = $"f{pixel}", y = at("y", plan.Output.Strides);
            writer.Line($"{floats.Type} {f} = {floats.MultiplyAdd(_isa.ToFloat($"a{pixel}"), "scale", "bias")};");
            if (plan.Residual is { } r)
            {
                string address = at("residual", r.Strides);
                float unit = (r.Grid?.Scale ?? 1) / (plan.Output.Grid?.Scale ?? 1);
                string value = r.Grid is null ? floats.Load(address) : _isa.ToFloat(_isa.LoadCodes(address, Half));
                writer.Line($"{f} = {(unit == 1 ? $"{f} + {value}" : floats.MultiplyAdd(value, floats.Broadcast(Literals.Float(unit)), f))};");
            }

            if (plan.Activation is { } activation) writer.Line($"{f} = {floats.Activate(activation, f)};");
            if (plan.Output.Grid is not { } grid)
            {
                writer.Line(floats.Store(y, f));
                continue;
            }

            writer.Line($"a{pixel} = {_isa.ToCodes(grid, f)};");
            writer.Line(_isa.StoreCodes(y, $"a{pixel}", Half));
        }
    }
}
