using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the copying of the input that a tile reads, channel by channel, into its <see cref="Patch"/>.</summary>
internal sealed class PatchEmitter(SparseConvPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        Patch patch = plan.Patch;
        int rowStride = plan.Input.Row / plan.InputRow;
        writer.Blank().Line("/// <summary>Copies what the tile reads of some input channels, so that every vector of it lies in one cache line.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Gather(byte* x, byte* patch, int channels)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            for (int run = 0; run < patch.Rows.Runs.Count; run++)
            {
                PatchRun rows = patch.Rows.Runs[run];
                using (writer.Open(""))
                {
                    writer.Line($"byte* from = x{PlaneUnits.Plus((long)rows.First * plan.InputRow)}, to = patch{PlaneUnits.Plus((long)patch.Rows.Start(run) * patch.RowBytes)};");
                    using (writer.Repeat("row", rows.Count - patch.MissingRows))
                    {
                        for (int i = 0; i < patch.Columns.Runs.Count; i++) EmitRow(patch.Columns.Runs[i], i * patch.CopyBytes);
                        writer.Line($"from += {rowStride * (long)plan.InputRow};").Line($"to += {patch.RowBytes};");
                    }
                }
            }

            writer.Line($"x += {plan.Input.Block};").Line($"patch += {patch.ChannelBytes};");
        }
    }

    /// <summary>One row of a run of columns; its last vector overlaps the one before.</summary>
    private void EmitRow(PatchRun run, int target)
    {
        int count = run.Count - plan.Patch.MissingColumns;
        if (plan.ColumnStride > 1)
        {
            writer.Line($"for (int i = 0; i < {count}; i++) ((float*)(to{PlaneUnits.Plus(target)}))[i] = {Dialect.Float($"from + {run.First * 4} + (i * {plan.Input.Column})")};");
            return;
        }

        Width width = Width.Widest(plan.Isa, count);
        for (int i = 0; i < count; i += width.Lanes)
        {
            int at = Math.Min(i, count - width.Lanes) * 4;
            writer.Line(width.Store($"to{PlaneUnits.Plus(target + at)}", width.Load($"from{PlaneUnits.Plus((run.First * 4) + at)}")));
        }
    }
}
