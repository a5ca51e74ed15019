using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the end of sums that wait in memory: the residual, the activation and the store of the pixels that there are.</summary>
internal sealed class FinishEmitter(SparseConvPlan plan, SourceWriter writer)
{
    private readonly int _rows = plan.Pixels.Rows - plan.Patch.MissingRows, _columns = plan.Pixels.Columns - plan.Patch.MissingColumns;

    public void Emit()
    {
        int channels = plan.Forms.WritesBlocks ? plan.Isa.Lanes() : 1;
        writer.Blank().Line($"/// <summary>Copies the sums of a tile to the output{(plan.Residual is null ? "" : ", adds the residual")}{(plan.Activation is null ? "" : ", applies the activation")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Finish(byte* sums, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y, int channels)"))
        using (writer.Open("unchecked"))
        using (writer.Open($"for (int channel = 0; channel < channels; channel{(channels == 1 ? "++" : $" += {channels}")})"))
        {
            using (writer.Repeat("row", _rows))
            {
                if (plan.Forms.WritesBlocks) EmitBlocks();
                else EmitPlane();
            }

            writer.Line($"sums += {channels * plan.SumBytes};").Line($"y += {(long)channels * plan.Output.Block};");
            if (plan.Residual is { } second) writer.Line($"residual += {(long)channels * second.Block};");
        }
    }

    private string Row(int bytes) => _rows > 1 ? $" + (row * {bytes})" : "";

    private void EmitPlane() => RowLoop.Emit(writer, Width.Widest(plan.Isa, _columns), _columns, width =>
    {
        string sum = width.Load($"sums{Row(plan.Pixels.Columns * 4)} + (i * 4)");
        writer.Line($"{width.Type} v = {sum}{(plan.Residual is { } r ? $" + {width.Load($"residual{Row(r.Row)} + (i * 4)")}" : "")};");
        writer.Line(width.Store($"y{Row(plan.Output.Row)} + (i * 4)", plan.Activation is { } activation ? width.Activate(activation, "v") : "v"));
    });

    /// <summary>Four pixels at once: the rows of a vector of channels become pixels in which these lie together.</summary>
    private void EmitBlocks()
    {
        Dialect vector = new(plan.Isa);
        Squares.Emit(writer, _columns, at =>
        {
            string pixels = string.Join(", ", Enumerable.Range(0, Squares.Size).Select(i => $"out {vector.Type} p{i}"));
            using (writer.Repeat("square", 1))
            {
                writer.Line($"VectorFunctions.FourColumns(sums{Row(plan.Pixels.Columns * 4)}{at(4)}, {plan.SumBytes}, {pixels});");
                for (int i = 0; i < Squares.Size; i++)
                {
                    if (plan.Residual is { } r) writer.Line($"p{i} += {vector.Load($"residual{Row(r.Row)}{at(r.Column)} + {i * r.Column}")};");
                    string value = plan.Activation is { } activation ? vector.Activate(activation, $"p{i}") : $"p{i}";
                    writer.Line(vector.Store($"y{Row(plan.Output.Row)}{at(plan.Output.Column)} + {i * plan.Output.Column}", value));
                }
            }
        });
    }
}
