using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the copying of the input that a tile reads, channel by channel, into its <see cref="Patch"/>.</summary>
internal sealed class PatchEmitter(SparseConvPlan plan, SourceWriter writer)
{
    private readonly int _rowStride = plan.Input.Row / plan.InputRow;

    public void Emit()
    {
        bool blocks = plan.Forms.ReadsBlocks;
        writer.Blank().Line("/// <summary>Copies what the tile reads of some input channels, so that every vector of it lies in one cache line.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Gather(byte* x, byte* patch, {(blocks ? "int first, " : "")}int channels)"))
        using (writer.Open("unchecked"))
        {
            if (blocks) EmitSquares();
            else EmitPlanes();
        }
    }

    private void EmitPlanes()
    {
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            EmitRuns("x", EmitRow);
            writer.Line($"x += {plan.Input.Block};").Line($"patch += {plan.Patch.ChannelBytes};");
        }
    }

    /// <summary>Four channels of a block at once: pixels in which they lie together become rows of each.</summary>
    private void EmitSquares()
    {
        int lanes = plan.Isa.Lanes();
        using (writer.Open($"for (int channel = first; channel < first + channels; channel += {Squares.Size})"))
        {
            writer.Line($"byte* four = x + (channel / {lanes} * {(long)lanes * plan.Input.Block}L){(lanes > Squares.Size ? $" + (channel % {lanes} * 4)" : "")};");
            EmitRuns("four", (run, target) => Squares.Emit(writer, run.Count - plan.Patch.MissingColumns, at => writer.Line(
                $"VectorFunctions.Transpose4x4(from{PlaneUnits.Plus((long)run.First * plan.InputPixel)}{at(plan.Input.Column)}, {plan.Input.Column}, to{PlaneUnits.Plus(target)}{at(4)}, {plan.Patch.ChannelBytes});")));
            writer.Line($"patch += {Squares.Size * plan.Patch.ChannelBytes};");
        }
    }

    /// <summary>The rows of each run, where <paramref name="row"/> writes a run of columns, which goes so many bytes behind <c>to</c>.</summary>
    private void EmitRuns(string x, Action<PatchRun, int> row)
    {
        Patch patch = plan.Patch;
        for (int run = 0; run < patch.Rows.Runs.Count; run++)
        {
            PatchRun rows = patch.Rows.Runs[run];
            using (writer.Open(patch.Rows.Runs.Count > 1 ? $"// Input row {rows.First} and every {_rowStride}th behind it." : "// All input rows."))
            {
                writer.Line($"byte* from = {x}{PlaneUnits.Plus((long)rows.First * plan.InputRow)}, to = patch{PlaneUnits.Plus((long)patch.Rows.Start(run) * patch.RowBytes)};");
                using (writer.Repeat("row", rows.Count - patch.MissingRows))
                {
                    for (int i = 0; i < patch.Columns.Runs.Count; i++) row(patch.Columns.Runs[i], i * patch.CopyBytes);
                    writer.Line($"from += {_rowStride * (long)plan.InputRow};").Line($"to += {patch.RowBytes};");
                }
            }
        }
    }

    /// <summary>One row of a run of columns; its last vector overlaps the one before.</summary>
    private void EmitRow(PatchRun run, int target)
    {
        int count = run.Count - plan.Patch.MissingColumns;
        if (plan.ColumnStride == 2 && count >= Squares.Size)
        {
            Squares.Emit(writer, count, at => writer.Line(
                $"*(Vector128<float>*)(to{PlaneUnits.Plus(target)}{at(4)}) = VectorFunctions.EverySecond(from{PlaneUnits.Plus(run.First * 4)}{at(8)});"));
            return;
        }

        if (plan.ColumnStride > 1)
        {
            string at(string pointer, int first, int step) => Dialect.Float($"{pointer}{PlaneUnits.Plus(first)} + (i * {step})");
            writer.Line($"for (int i = 0; i < {count}; i++) {at("to", target, 4)} = {at("from", run.First * 4, plan.Input.Column)};");
            return;
        }

        Width width = Width.Widest(plan.Isa, count);
        for (int i = 0; i < count; i += width.Lanes)
        {
            int first = Math.Min(i, count - width.Lanes) * 4;
            writer.Line(width.Store($"to{PlaneUnits.Plus(target + first)}", width.Load($"from{PlaneUnits.Plus((run.First * 4) + first)}")));
        }
    }
}
