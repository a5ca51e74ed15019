using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the transform of the input, V = B^T d B for each tile d of a channel block.</summary>
internal sealed class InputEmitter(WinogradPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);
    private readonly CookToom _transforms = CookToom.Of(plan.Outputs, plan.Taps);

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the tiles [first, end) of one channel block.</summary>");
        using (writer.Open("private static void TransformTiles(byte* x, byte* v, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                writer.Line($"Transform({TileWalk.At(plan, "x", plan.Input, plan.Outputs)}, v, count);");
                writer.Line($"v += count * {plan.VectorBytes};");
            });
        }

        writer.Blank();
        writer.Line($"/// <summary>v = B^T d B for tiles of {plan.Size} x {plan.Size} pixels that lie side by side, {plan.Outputs} columns apart.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Transform(byte* x, byte* v, int tiles)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            foreach (int[] rows in LinearProgram.RowGroups(_transforms.InputTransform)) EmitRows(rows);
            writer.Line($"x += {plan.Outputs * plan.Input.Column};");
            writer.Line($"v += {plan.VectorBytes};");
        }
    }

    /// <summary>The rows of B^T d that share instructions, and at once their products with B: no more than two rows are alive.</summary>
    private void EmitRows(int[] rows)
    {
        LinearText text = new(_isa, writer);
        LinearProgram vertical = LinearProgram.Of(_transforms.InputTransform.Select(rows)), horizontal = _transforms.InputProgram;
        using (writer.Open($"// {(rows.Length == 1 ? "Row" : "Rows")} {string.Join(" and ", rows)} of B^T d, column by column."))
        {
            writer.Line($"{_isa.Type} {string.Join(", ", rows.SelectMany(row => Enumerable.Range(0, plan.Size).Select(column => $"r{row}_{column}")))};");
            for (int column = 0; column < plan.Size; column++)
            {
                int at = column;
                using (text.Scope(vertical))
                {
                    text.Write(
                        vertical,
                        row => _isa.Load($"x + {(row * plan.Input.Row) + (at * plan.Input.Column)}"),
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
                        (column, value) => writer.Line(_isa.Store($"v + {((row * plan.Size) + column) * plan.InElementBytes}", value)));
                }
            }
        }
    }
}
