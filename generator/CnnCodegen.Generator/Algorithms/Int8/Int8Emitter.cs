using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Writes the outer loops of an <see cref="Int8Plan"/>: units, vectors of output channels, rows of tiles.</summary>
internal sealed class Int8Emitter(Int8Plan plan, SourceWriter writer)
{
    private readonly string _residual = plan.Residual is null ? "" : "byte* residual, ";

    private bool IsRange => plan.Bands.Count > 1;

    private string First => IsRange ? "first" : "0";

    private string End => IsRange ? "end" : $"{plan.Bands.Size}";

    public void Emit()
    {
        EmitRun();
        foreach (Dot dot in Dot.Of(plan.Isa))
        {
            writer.Blank();
            EmitBand(dot);
            Int8TileEmitter tiles = new(plan, dot, writer);
            foreach ((int rows, int columns) in from rows in plan.Rows.Pieces from columns in plan.Columns.Pieces select (rows.Size, columns.Size))
            {
                writer.Blank();
                tiles.Emit(PixelTile.Rectangle(rows, columns));
            }
        }

        if (plan.Isa == Isa.Portable) return;
        writer.Blank();
        EmitWiden();
    }

    private void EmitRun()
    {
        (int bands, int parts) = (plan.Bands.Count, plan.Parts.Count);
        string unit = string.Concat(plan.Images > 1 ? "one image, " : "", bands > 1 ? "one band of the plane, " : "", parts > 1 ? "a part of the output channels" : "all output channels");
        NestWriter.Run(writer, unit, () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("band", bands), ("part", parts));
            string image(int bytes) => plan.Images > 1 ? $" + (image * {bytes}L)" : "";
            string origin(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin) + image(strides.Image);
            List<string> rest = ["operands.Weights"];
            if (plan.Residual is { } r) rest.Add(origin("operands.Second", r.Strides));
            rest.Add(origin("operands.Output", plan.Output.Strides));
            rest.Add(parts > 1 ? plan.Parts.Start("part") : "0");
            rest.Add(parts > 1 ? plan.Parts.Start("(part + 1)") : $"{plan.OutVectors}");
            if (IsRange) rest.AddRange(["first", "last"]);
            string arguments = string.Join(", ", rest);

            writer.Line($"byte* x = {origin("operands.Input", plan.Input)};");
            if (IsRange) writer.Line($"int first = {plan.Bands.Start("band")}, last = {plan.Bands.Start("(band + 1)")};");
            if (plan.Isa == Isa.Portable)
            {
                writer.Line($"Band{Dot.Single.Name}(x, {arguments});");
                return;
            }

            using (writer.Open($"if ({Dot.Vnni.Check})"))
                writer.Line($"Band{Dot.Vnni.Name}(x, {arguments});");
            using (writer.Open("else"))
            {
                Cut tiles = plan.BandsOfRows ? plan.Rows : plan.Columns;
                int stride = plan.BandsOfRows ? plan.Input.Row : plan.Input.Column;
                int across = plan.BandsOfRows ? (plan.Columns.Size * plan.Columns.Count) - (plan.Columns.Count - plan.Columns.Large) : plan.Rows.Size;
                int beside = ((across - 1) * (plan.BandsOfRows ? plan.Input.Column : plan.Input.Row)) + plan.WindowBytes;
                string from = IsRange ? $"({Start(tiles, "first")})" : "0", to = IsRange ? $"({Start(tiles, "last")})" : $"{(plan.BandsOfRows ? Extent(plan.Rows) : Extent(plan.Columns))}";
                if (IsRange) writer.Line($"int skipped = {from} * {stride};");
                writer.Line($"Widen(x{(IsRange ? " + skipped" : "")}, operands.Scratch, (({to}{(IsRange ? $" - {from}" : "")} - 1) * {stride}) + {beside});");
                writer.Line($"Band{Dot.Wide.Name}(operands.Scratch{(IsRange ? " - (2L * skipped)" : "")}, {arguments});");
            }
        });
    }

    private static int Extent(Cut cut) => (cut.Size * cut.Count) - (cut.Count - cut.Large);

    private void EmitBand(Dot dot)
    {
        writer.Line($"/// <summary>The vectors [vector, stop) of output channels over {(IsRange ? "the tiles [first, end)" : "the whole plane")}.</summary>");
        using (writer.Open($"private static void Band{dot.Name}(byte* x, byte* weights, {_residual}byte* y, int vector, int stop{(IsRange ? ", int first, int end" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (; vector < stop; vector++)"))
        {
            writer.Line($"byte* table = weights + (vector * {plan.VectorBytes});");
            writer.Line($"byte* w = weights + {3 * plan.TableBytes} + (vector * {plan.VectorWeights}L);");
            if (plan.Prefetches) writer.Line($"byte* next = w + {plan.VectorWeights};");
            if (plan.Groups > 1) writer.Line($"byte* xg = x + (vector / {plan.OutVectors / plan.Groups} * {plan.GroupBytes * dot.CodeBytes});");
            writer.Line($"byte* yv = y + {plan.Output.VectorOffset("vector", plan.Lanes)};");
            if (plan.Residual is { } r) writer.Line($"byte* rv = residual + {r.VectorOffset("vector", plan.Lanes)};");
            if (plan.HalfTail) writer.Line($"bool half = vector == {plan.OutVectors - 1};");
            if (plan.BandsOfRows) EmitRows(dot);
            else EmitRow(dot);
        }
    }

    private void EmitRows(Dot dot)
    {
        using (writer.Open($"for (int tile = {First}; tile < {End}; tile++)"))
        {
            writer.Line($"int row = {Start(plan.Rows, "tile")};");
            if (plan.Rows.Large == plan.Rows.Count)
            {
                Row(plan.Rows.Size);
                return;
            }

            using (writer.Open($"if (tile < {plan.Rows.Large})")) Row(plan.Rows.Size);
            using (writer.Open("else")) Row(plan.Rows.Size - 1);
        }

        void Row(int rows)
        {
            int column = 0;
            foreach ((int size, int count) in plan.Columns.Pieces)
            {
                EmitCall(dot, rows, size, "row", column == 0 ? null : $"{column}", $"{count}");
                column += size * count;
            }
        }
    }

    /// <summary>The tiles of the only row: those of the larger size come first.</summary>
    private void EmitRow(Dot dot)
    {
        (int size, int large, int rows) = (plan.Columns.Size, plan.Columns.Large, plan.Rows.Size);
        if (!IsRange)
        {
            int column = 0;
            foreach ((int columns, int count) in plan.Columns.Pieces)
            {
                EmitCall(dot, rows, columns, null, column == 0 ? null : $"{column}", $"{count}");
                column += columns * count;
            }

            return;
        }

        if (large == plan.Columns.Count)
        {
            EmitCall(dot, rows, size, null, $"(first * {size})", "end - first");
            return;
        }

        using (writer.Open($"if (first < {large})")) EmitCall(dot, rows, size, null, $"(first * {size})", $"Math.Min(end, {large}) - first");
        using (writer.Open($"if (end > {large})"))
        {
            writer.Line($"int start = Math.Max(first, {large});");
            EmitCall(dot, rows, size - 1, null, $"((start * {size - 1}) + {large})", "end - start");
        }
    }

    private void EmitCall(Dot dot, int rows, int columns, string? row, string? column, string tiles)
    {
        string at(string pointer, PlaneStrides strides, int times) => pointer
            + (row is null ? "" : $" + ({row} * {strides.Row * times})") + (column is null ? "" : $" + ({column} * {strides.Column * times})");
        List<string> arguments = [at(plan.Groups > 1 ? "xg" : "x", plan.Input, dot.CodeBytes), "w", "table"];
        if (plan.Prefetches) arguments.Add("ref next");
        if (plan.Residual is { } r) arguments.Add(at("rv", r.Strides, 1));
        arguments.Add(at("yv", plan.Output.Strides, 1));
        arguments.Add(tiles);
        if (plan.HalfTail) arguments.Add("half");
        writer.Line($"{dot.Name}{PixelTile.Rectangle(rows, columns).Name}({string.Join(", ", arguments)});");
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

    private static string Start(Cut cut, string piece) => cut.Size == 1 ? piece : cut.Start(piece);
}
