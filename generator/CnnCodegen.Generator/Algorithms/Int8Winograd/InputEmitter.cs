using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the transform of the codes, V = B^T d B for each tile d, in words of 16 bits: all channels of a tile, then the next tile.</summary>
internal sealed class InputEmitter(Int8WinogradPlan plan, SourceWriter writer)
{
    private readonly bool _wide = plan.TransformChannels == 16;

    private IntegerVector Vector => new(_wide ? 256 : 128, "short");

    public void Emit()
    {
        writer.Line("/// <summary>Transforms the tiles [first, end).</summary>");
        using (writer.Open("private static void TransformTiles(byte* x, byte* v, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            TileWalk.Write(plan, writer, () =>
            {
                writer.Line($"Transform({TileWalk.At(plan, "x", plan.Input, plan.Outputs * plan.Stride)}, v, count);");
                writer.Line($"v += count * {plan.TileBytes};");
            });
        }

        int size = ((plan.Outputs - 1) * plan.Stride) + plan.Taps;
        writer.Blank();
        writer.Line($"/// <summary>v = B^T d B{(plan.HasPhases ? " for each phase of rows and columns" : "")} for tiles of {size} x {size} pixels that lie side by side, {plan.Outputs * plan.Stride} columns apart.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Transform(byte* x, byte* v, int tiles)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
        {
            EmitChannels();
            writer.Line($"x += {plan.Outputs * plan.Stride * plan.Input.Column};");
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
            for (int rows = 0; rows < plan.Stride; rows++)
                for (int columns = 0; columns < plan.Stride; columns++) EmitPhase(rows, columns);
        }
    }

    /// <summary>B^T d B for every Stride-th row and column from those of a phase.</summary>
    private void EmitPhase(int rowPhase, int columnPhase)
    {
        LinearText text = new(new Dialect(plan.Isa), writer, Vector);
        RationalMatrix rows = plan.Integers.InputTransform(rowPhase), columns = plan.Integers.InputTransform(columnPhase);
        LinearProgram vertical = LinearProgram.Of(rows), horizontal = LinearProgram.Of(columns);
        using (writer.Open($"// B^T d{(plan.HasPhases ? $" for rows of phase {rowPhase} and columns of phase {columnPhase}" : "")}, column by column, then row by row (B^T d) B."))
        {
            writer.Line($"{Vector.Type} {string.Join(", ", Enumerable.Range(0, rows.Rows).SelectMany(row => Enumerable.Range(0, columns.Rows).Select(column => $"r{row}_{column}")))};");
            for (int column = 0; column < columns.Rows; column++)
            {
                int at = column;
                using (text.Scope(vertical))
                {
                    text.Write(
                        vertical,
                        row => Load($"d + {(((row * plan.Stride) + rowPhase) * plan.Input.Row) + (((at * plan.Stride) + columnPhase) * plan.Input.Column)}"),
                        (row, value) => writer.Line($"r{row}_{at} = {value};"));
                }
            }

            for (int row = 0; row < rows.Rows; row++)
            {
                int at = row;
                using (text.Scope(horizontal))
                {
                    text.Write(
                        horizontal,
                        column => $"r{at}_{column}",
                        (column, value) => writer.Line($"*({Vector.Type}*)(to + {plan.Filter.Place((rowPhase, at), (columnPhase, column)) * plan.InPhaseBytes}) = {value};"));
                }
            }
        }
    }

    /// <summary>Codes of neighbouring channels as words.</summary>
    private string Load(string pointer) => _wide ? $"Avx2.ConvertToVector256Int16({pointer})" : $"Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)({pointer})).AsByte()).AsInt16()";
}
