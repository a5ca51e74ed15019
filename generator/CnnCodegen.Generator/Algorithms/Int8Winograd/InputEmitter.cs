using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the transform of the codes, V = B^T d B for each tile d, in words of 16 bits: all channels of a tile, then the next tile.</summary>
internal sealed class InputEmitter(Int8WinogradPlan plan, SourceWriter writer)
{
    private readonly CookToom _transforms = CookToom.Of(plan.Outputs, plan.Taps);
    private readonly bool _wide = plan.TransformChannels == 16;

    private string Type => _wide ? "Vector256<short>" : "Vector128<short>";

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the tiles [first, end).</summary>");
        using (writer.Open("private static void TransformTiles(byte* x, byte* v, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                writer.Line($"Transform({TileWalk.At(plan, "x", plan.Input, plan.Outputs)}, v, count);");
                writer.Line($"v += count * {plan.TileBytes};");
            });
        }

        writer.Blank();
        writer.Line($"/// <summary>v = B^T d B for tiles of {plan.Size} x {plan.Size} pixels that lie side by side, {plan.Outputs} columns apart.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Transform(byte* x, byte* v, int tiles)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            EmitChannels();
            writer.Line($"x += {plan.Outputs * plan.Input.Column};");
            writer.Line($"v += {plan.TileBytes};");
        }
    }

    /// <summary>The loop over vectors of channels; the last ends with the pixel and may overlap the one before.</summary>
    private void EmitChannels()
    {
        int step = plan.TransformChannels, last = plan.Channels - step;
        using (writer.Open($"for (int start = 0; start < {plan.Channels}; start += {step})"))
        {
            writer.Line($"int channel = {(plan.Channels % step == 0 ? "start" : $"Math.Min(start, {last})")};");
            writer.Line("byte* d = x + channel, to = v + (2 * channel);");
            foreach (int[] rows in LinearProgram.RowGroups(_transforms.InputTransform)) EmitRows(rows);
        }
    }

    /// <summary>The rows of B^T d that share instructions, and at once their products with B.</summary>
    private void EmitRows(int[] rows)
    {
        LinearText text = new(new Dialect(plan.Isa), writer, Type);
        LinearProgram vertical = LinearProgram.Of(_transforms.InputTransform.Select(rows)), horizontal = _transforms.InputProgram;
        using (writer.Open($"// {(rows.Length == 1 ? "Row" : "Rows")} {string.Join(" and ", rows)} of B^T d, column by column."))
        {
            writer.Line($"{Type} {string.Join(", ", rows.SelectMany(row => Enumerable.Range(0, plan.Size).Select(column => $"r{row}_{column}")))};");
            for (int column = 0; column < plan.Size; column++)
            {
                int at = column;
                using (text.Scope(vertical))
                    text.Write(vertical, row => Load($"d + {(row * plan.Input.Row) + (at * plan.Input.Column)}"), (row, value) => writer.Line($"r{rows[row]}_{at} = {value};"));
            }

            foreach (int row in rows)
            {
                using (text.Scope(horizontal))
                    text.Write(horizontal, column => $"r{row}_{column}", (column, value) => writer.Line($"*({Type}*)(to + {((row * plan.Size) + column) * plan.InElementBytes}) = {value};"));
            }
        }
    }

    /// <summary>Codes of neighbouring channels as words.</summary>
    private string Load(string pointer) => _wide ? $"Avx2.ConvertToVector256Int16({pointer})" : $"Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)({pointer})).AsByte()).AsInt16()";
}
