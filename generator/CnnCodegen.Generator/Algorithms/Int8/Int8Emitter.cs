using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes the units of an <see cref="Int8Plan"/>, each by the best dot product that the CPU has.</summary>
internal sealed class Int8Emitter(Int8Plan plan, SourceWriter writer)
{
    public void Emit()
    {
        EmitRun();
        foreach (Tiling tiling in plan.Tilings)
        {
            writer.Blank();
            new Int8BandEmitter(plan, tiling, writer).Emit();
            Int8TileEmitter tiles = new(plan, tiling, writer);
            foreach ((int rows, int columns) in from rows in tiling.Rows.Pieces from columns in tiling.Columns.Pieces select (rows.Size, columns.Size))
            {
                writer.Blank();
                tiles.Emit(PixelTile.Rectangle(rows, columns));
            }
        }

        if (plan.ScratchBytes == 0) return;
        writer.Blank();
        EmitWiden();
    }

    private void EmitRun()
    {
        (int bands, int parts) = (plan.Tilings[0].Bands.Count, plan.Tilings[0].Parts.Count);
        string unit = string.Concat(plan.Images > 1 ? "one image, " : "", bands > 1 ? "one band of the plane, " : "", parts > 1 ? "a part of the output channels" : "all output channels");
        NestWriter.Run(writer, unit, () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("band", bands), ("part", parts));
            string origin(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin) + NestWriter.Term("image", plan.Images, strides.Image);
            writer.Line($"byte* x = {origin("operands.Input", plan.Input)};");
            writer.Line($"byte* y = {origin("operands.Output", plan.Output.Strides)};");
            if (plan.Residual is { } r) writer.Line($"byte* residual = {origin("operands.Second", r.Strides)};");
            foreach (Tiling tiling in plan.Tilings)
            {
                string branch = tiling.Dot.Check.Length > 0 ? $"if ({tiling.Dot.Check})" : plan.Tilings.Count > 1 ? "else" : "";
                using (branch.Length > 0 ? writer.Open(branch) : (IDisposable?)null) EmitCall(tiling);
            }
        });
    }

    /// <summary>The call for one unit, whose codes are widened first where the dot product wants them so.</summary>
    private void EmitCall(Tiling tiling)
    {
        (bool range, int bytes) = (tiling.Bands.Count > 1, tiling.Dot.CodeBytes);
        List<string> arguments = ["operands.Weights"];
        if (plan.Residual is not null) arguments.Add("residual");
        arguments.Add("y");
        bool cut = tiling.Parts.Count > 1;
        arguments.AddRange(cut ? [tiling.Parts.Start("part"), tiling.Parts.Start("(part + 1)")] : ["0", $"{tiling.Parts.Size}"]);
        if (range) arguments.AddRange(["first", "last"]);
        if (range) writer.Line($"int first = {Start(tiling.Bands, "band")}, last = {Start(tiling.Bands, "(band + 1)")};");
        string x = "x";
        if (bytes > 1)
        {
            Cut tiles = tiling.BandsOfRows ? tiling.Rows : tiling.Columns;
            (int stride, int beside) = tiling.BandsOfRows
                ? (plan.Input.Row, (tiling.Columns.Extent - 1) * plan.Input.Column)
                : (plan.Input.Column, (tiling.Rows.Size - 1) * plan.Input.Row);
            if (range)
            {
                writer.Line($"int from = {Start(tiles, "first")}, to = {Start(tiles, "last")};");
                writer.Line($"Widen(x + (from * {stride}), operands.Scratch, ((to - from - 1) * {stride}) + {beside + plan.WindowBytes});");
                x = $"operands.Scratch - (from * {(long)stride * bytes}L)";
            }
            else
            {
                writer.Line($"Widen(x, operands.Scratch, {((tiles.Extent - 1) * stride) + beside + plan.WindowBytes});");
                x = "operands.Scratch";
            }
        }

        writer.Line($"Band{tiling.Dot.Name}({x}, {string.Join(", ", arguments)});");
    }

    private void EmitWiden()
    {
        writer.Line("/// <summary>Copies bytes as 16-bit integers.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Widen(byte* x, byte* y, int count)"))
        using (writer.Open("unchecked"))
        {
            writer.Line("int i = 0;");
            using (writer.Open("for (; i <= count - 16; i += 16)"))
                writer.Line("*(Vector256<short>*)(y + (2L * i)) = Avx2.ConvertToVector256Int16(x + i);");
            writer.Line("for (; i < count; i++) ((short*)y)[i] = x[i];");
        }
    }

    public static string Start(Cut cut, string piece) => cut.Size == 1 ? piece : cut.Start(piece);
}
