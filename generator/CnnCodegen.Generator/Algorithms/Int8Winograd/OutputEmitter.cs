using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the transform of the products, A^T M A for each tile and register tile of output channels, and what becomes of these sums.</summary>
internal sealed class OutputEmitter(Int8WinogradPlan plan, SourceWriter writer)
{
    /// <summary>Sums that become results together, which the registers hold.</summary>
    private const int SumsTogether = 8;

    private readonly CodeDialect _isa = new(plan.Isa);

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the products of the tiles [first, end). The last row and column of tiles may be smaller.</summary>");
        using (writer.Open($"private static void InverseTiles(byte* m, byte* table, {Residual("byte* residual")}byte* y, int first, int end{Half(", bool half")})"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                writer.Line($"byte* to = {TileWalk.At(plan, "y", plan.Output.Strides, plan.Outputs)};");
                if (plan.Residual is { } r) writer.Line($"byte* add = {TileWalk.At(plan, "residual", r.Strides, plan.Outputs)};");
                TileWalk.WriteEdges(plan, writer, Call);
                writer.Line($"m += count * {plan.SumBytes};");
            });
        }

        foreach ((int rows, int columns) in TileWalk.Sizes(plan))
        {
            writer.Blank();
            EmitTiles(rows, columns);
        }
    }

    /// <summary>The parameter or argument for the residual, if there is one.</summary>
    public string Residual(string text) => plan.Residual is null ? "" : text + ", ";

    /// <summary>The parameter or argument for half a last vector, if there may be one.</summary>
    public string Half(string text) => plan.HalfTail ? text : "";

    /// <summary>The call for tiles of so many outputs, behind <paramref name="others"/> of the run.</summary>
    private string Call(int rows, int columns, string? others, string count)
    {
        string at(string pointer, int step) => others is null ? pointer : $"{pointer} + ({others} * {step})";
        string residual = Residual(at("add", plan.Outputs * (plan.Residual?.Strides.Column ?? 0)));
        return $"Inverse{rows}x{columns}({at("m", plan.SumBytes)}, table, {residual}{at("to", plan.Outputs * plan.Output.Strides.Column)}, {count}{Half(", half")});";
    }

    private void EmitTiles(int rows, int columns)
    {
        writer.Line($"/// <summary>{(rows * columns == plan.Outputs * plan.Outputs ? "" : $"The first {rows} x {columns} elements of ")}A^T m A for tiles that lie side by side, to results.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Inverse{rows}x{columns}(byte* m, byte* table, {Residual("byte* r0")}byte* y0, int tiles{Half(", bool half")})"))
        using (writer.Open("unchecked"))
        {
            for (int v = 1; v < plan.Vectors; v++)
            {
                writer.Line($"byte* y{v} = y0 + {v * plan.Output.VectorStep(plan.Lanes)};");
                if (plan.Residual is { } r) writer.Line($"byte* r{v} = r0 + {v * r.VectorStep(plan.Lanes)};");
            }

            using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
            {
                for (int v = 0; v < plan.Vectors; v++) EmitColumns(v, rows);
                EmitTable();
                int together = Math.Max(1, SumsTogether / (columns * plan.Vectors));
                for (int row = 0; row < rows; row += together) EmitResults([.. Enumerable.Range(row, Math.Min(together, rows - row))], columns);
                writer.Line($"m += {plan.SumBytes};");
                for (int v = 0; v < plan.Vectors; v++)
                {
                    writer.Line($"y{v} += {plan.Outputs * plan.Output.Strides.Column};");
                    if (plan.Residual is { } r) writer.Line($"r{v} += {plan.Outputs * r.Strides.Column};");
                }
            }
        }
    }

    /// <summary>A^T m for a vector of output channels.</summary>
    private void EmitColumns(int vector, int rows)
    {
        LinearText text = Text();
        LinearProgram vertical = LinearProgram.Of(plan.Integers.OutputTransform.Select([.. Enumerable.Range(0, rows)]));
        writer.Line($"{_isa.Type} {string.Join(", ", from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, plan.Filter.Points) select Column(row, column, vector))};");
        using (writer.Open("// A^T m, column by column. The start of a sum enters at the element (1, 1), which reaches all outputs with one factor."))
        {
            for (int column = 0; column < plan.Filter.Points; column++)
            {
                int at = column;
                using (writer.Repeat("", 1))
                    text.Write(vertical, row => Product(row, at, vector), (row, value) => writer.Line($"{Column(row, at, vector)} = {value};"));
            }
        }
    }

    /// <summary>The sums of a row of outputs, a shift from what (A^T m) A is.</summary>
    private void EmitRow(int row, int columns)
    {
        LinearProgram horizontal = LinearProgram.Of(plan.Integers.OutputTransform.Select([.. Enumerable.Range(0, columns)]));
        for (int v = 0; v < plan.Vectors; v++)
        {
            int vector = v;
            writer.Line($"{_isa.Type} {string.Join(", ", Enumerable.Range(0, columns).Select(column => Sum(row, column, vector)))};");
            using (writer.Repeat("", 1))
                Text().Write(horizontal, column => Column(row, column, vector), (column, value) => writer.Line($"{Sum(row, column, vector)} = {Shifted(value)};"));
        }
    }

    private string Product(int row, int column, int vector)
    {
        string product = _isa.Load($"m + {(((row * plan.Filter.Points) + column) * plan.OutElementBytes) + (vector * plan.VectorBytes)}");
        return row == 1 && column == 1 ? $"({product} + {_isa.Load($"table + {vector * plan.VectorBytes}")})" : product;
    }

    private void EmitTable()
    {
        for (int v = 0; v < plan.Vectors; v++)
        {
            writer.Line($"{_isa.Floats.Type} scale{v} = {_isa.Floats.Load($"table + {plan.TableBytes + (v * plan.VectorBytes)}")};");
            writer.Line($"{_isa.Floats.Type} bias{v} = {_isa.Floats.Load($"table + {(2 * plan.TableBytes) + (v * plan.VectorBytes)}")};");
        }
    }

    /// <summary>The results of a few rows of outputs.</summary>
    private void EmitResults(IReadOnlyList<int> rows, int columns)
    {
        foreach (int row in rows) EmitRow(row, columns);
        Int8Sum[] sums =
        [
            .. from row in rows
               from column in Enumerable.Range(0, columns)
               from v in Enumerable.Range(0, plan.Vectors)
               select new Int8Sum(Sum(row, column, v), v, row, column),
        ];
        new Int8ResultEmitter(plan.Isa, plan.Output, plan.Residual, plan.Activation, writer).Emit(sums, plan.HalfTail ? "half" : null, plan.Vectors);
    }

    private LinearText Text() => new(_isa.Floats, writer, new IntegerVector(plan.VectorBytes * 8, "int"));

    private string Shifted(string value) => plan.ResultShift == 0 ? value : $"({value}) >> {plan.ResultShift}";

    private static string Column(int row, int column, int vector) => $"t{row}_{column}_{vector}";

    private static string Sum(int row, int column, int vector) => $"a{row}_{column}_{vector}";
}
