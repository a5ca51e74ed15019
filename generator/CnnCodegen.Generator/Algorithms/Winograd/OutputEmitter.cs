using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the transform of the products, Y = A^T M A for each tile and vector of output channels, with residual and activation.</summary>
internal sealed class OutputEmitter(WinogradPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);
    private readonly RationalMatrix _matrix = CookToom.Of(plan.Outputs, plan.Taps).OutputTransform;

    /// <summary>The parameter or argument for the residual, if there is one.</summary>
    public string Residual(string text) => plan.Residual is null ? "" : text + ", ";

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the products of the tiles [first, end) for one vector of output channels. The last row and column of tiles may be smaller.</summary>");
        using (writer.Open($"private static void InverseTiles(byte* m, {Residual("byte* residual")}byte* y, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                writer.Line($"byte* to = {TileWalk.At(plan, "y", plan.Output, plan.Outputs)};");
                if (plan.Residual is { } r) writer.Line($"byte* add = {TileWalk.At(plan, "residual", r, plan.Outputs)};");
                TileWalk.WriteEdges(plan, writer, Call);
                writer.Line($"m += count * {plan.VectorBytes};");
            });
        }

        foreach ((int rows, int columns) in TileWalk.Sizes(plan))
        {
            writer.Blank();
            EmitTiles(rows, columns);
        }
    }

    /// <summary>The call for tiles of so many outputs, behind <paramref name="others"/> of the run.</summary>
    private string Call(int rows, int columns, string? others, string count)
    {
        string at(string pointer, int step) => others is null ? pointer : $"{pointer} + ({others} * {step})";
        string residual = Residual(at("add", plan.Outputs * (plan.Residual?.Column ?? 0)));
        return $"Inverse{rows}x{columns}({at("m", plan.VectorBytes)}, {residual}{at("to", plan.Outputs * plan.Output.Column)}, {count});";
    }

    private void EmitTiles(int rows, int columns)
    {
        writer.Line($"/// <summary>y = {(rows * columns == plan.Outputs * plan.Outputs ? "" : $"the first {rows} x {columns} elements of ")}A^T m A{(plan.Activation is null ? "" : ", activated,")} for tiles that lie side by side.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void Inverse{rows}x{columns}(byte* m, {Residual("byte* residual")}byte* y, int tiles)"))
        using (writer.Open("unchecked"))
        {
            using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
            {
                EmitTile(rows, columns);
                writer.Line($"m += {plan.VectorBytes};");
                if (plan.Residual is { } r) writer.Line($"residual += {plan.Outputs * r.Column};");
                writer.Line($"y += {plan.Outputs * plan.Output.Column};");
            }
        }
    }

    private void EmitTile(int rows, int columns)
    {
        LinearText text = new(_isa, writer);
        LinearProgram vertical = LinearProgram.Of(_matrix.Select([.. Enumerable.Range(0, rows)]));
        LinearProgram horizontal = LinearProgram.Of(_matrix.Select([.. Enumerable.Range(0, columns)]));
        writer.Line("// A^T m, column by column.");
        writer.Line($"{_isa.Type} {string.Join(", ", Enumerable.Range(0, rows * plan.Size).Select(i => $"r{i / plan.Size}_{i % plan.Size}"))};");
        for (int column = 0; column < plan.Size; column++)
        {
            int at = column;
            using (text.Scope(vertical))
            {
                text.Write(
                    vertical,
                    row => _isa.Load($"m + {((row * plan.Size) + at) * plan.OutElementBytes}"),
                    (row, value) => writer.Line($"r{row}_{at} = {value};"));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            int at = row;
            writer.Line($"// Row {row} of (A^T m) A.");
            using (writer.Repeat("", 1))
                text.Write(horizontal, column => $"r{at}_{column}", (column, value) => EmitOutput(at, column, value));
        }
    }

    private void EmitOutput(int row, int column, string value)
    {
        if (plan.Residual is { } r) value = $"{value} + {_isa.Load($"residual + {(row * r.Row) + (column * r.Column)}")}";
        if (plan.Activation is { } activation)
        {
            if (value.Contains(' '))
            {
                writer.Line($"{_isa.Type} y{column} = {value};");
                value = $"y{column}";
            }

            value = _isa.Activate(activation, value);
        }

        writer.Line(_isa.Store($"y + {(row * plan.Output.Row) + (column * plan.Output.Column)}", value));
    }
}
