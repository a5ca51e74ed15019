using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the transform of the input, V = B^T d B for each tile d of a channel block.</summary>
internal sealed class InputEmitter(WinogradPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);
    private readonly PolyphaseFilter _filter = plan.Filter;

    /// <summary>Distances between the pixels of a tile.</summary>
    private readonly PlaneStrides _input = plan.Input.Every(plan.Dilation);

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the tiles [first, end) of one channel block.</summary>");
        using (writer.Open("private static void TransformTiles(byte* x, byte* v, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                string at = TileWalk.At(plan, "x", plan.Input, plan.Outputs * plan.Stride);
                if (plan.Stride > 1)
                {
                    writer.Line($"byte* from = {at};");
                    at = "from";
                }

                for (int phase = 0; phase < plan.Stride; phase++) writer.Line($"{Name(phase)}({at}, v, count);");
                writer.Line($"v += count * {plan.VectorBytes};");
            });
        }

        for (int phase = 0; phase < plan.Stride; phase++) EmitRowPhase(phase);
    }

    /// <summary>The method for a phase of the rows: what the JIT optimises is limited.</summary>
    private string Name(int rowPhase) => plan.Stride == 1 ? "Transform" : $"TransformPhase{rowPhase}";

    /// <summary>The tiles' rows of one phase, with the columns of all phases.</summary>
    private void EmitRowPhase(int rowPhase)
    {
        int size = (plan.Outputs * plan.Stride) + plan.Taps - plan.Stride, step = plan.Outputs * plan.Stride;
        string phase = plan.Stride == 1 ? "" : $" for every {Ordinal(plan.Stride)} row from row {rowPhase} and each phase of the columns,";
        writer.Blank();
        writer.Line($"/// <summary>v = B^T d B{phase} for tiles of {size} x {size} pixels{(plan.Dilation > 1 ? $", {plan.Dilation} apart," : "")} that lie side by side, {step * plan.Dilation} columns apart.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void {Name(rowPhase)}(byte* x, byte* v, int tiles)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            for (int columnPhase = 0; columnPhase < plan.Stride; columnPhase++)
                foreach (int[] rows in LinearProgram.RowGroups(_filter.Phases[rowPhase].InputTransform)) EmitRows(rowPhase, columnPhase, rows);
            writer.Line($"x += {step * _input.Column};");
            writer.Line($"v += {plan.VectorBytes};");
        }

        static string Ordinal(int stride) => stride switch { 2 => "second", 3 => "third", _ => $"{stride}th" };
    }

    /// <summary>The rows of B^T d that share instructions, and at once their products with B: no more than two rows are alive.</summary>
    private void EmitRows(int rowPhase, int columnPhase, int[] rows)
    {
        LinearText text = new(_isa, writer);
        CookToom columns = _filter.Phases[columnPhase];
        LinearProgram vertical = LinearProgram.Of(_filter.Phases[rowPhase].InputTransform.Select(rows)), horizontal = columns.InputProgram;
        string part = plan.Stride == 1 ? "" : $" for columns of phase {columnPhase}";
        using (writer.Open($"// {(rows.Length == 1 ? "Row" : "Rows")} {string.Join(" and ", rows)} of B^T d{part}, column by column."))
        {
            writer.Line($"{_isa.Type} {string.Join(", ", rows.SelectMany(row => Enumerable.Range(0, columns.Size).Select(column => $"r{row}_{column}")))};");
            for (int column = 0; column < columns.Size; column++)
            {
                int at = column;
                using (text.Scope(vertical))
                {
                    text.Write(
                        vertical,
                        row => _isa.Load($"x + {(((row * plan.Stride) + rowPhase) * _input.Row) + (((at * plan.Stride) + columnPhase) * _input.Column)}"),
                        (row, value) => writer.Line($"r{rows[row]}_{at} = {value};"));
                }
            }

            foreach (int row in rows)
            {
                using (text.Scope(horizontal))
                {
                    text.Write(
                        horizontal,
                        column => $"r{row}_{column}",
                        (column, value) => writer.Line(_isa.Store($"v + {_filter.Place((rowPhase, row), (columnPhase, column)) * plan.InPhaseBytes}", value)));
                }
            }
        }
    }
}
