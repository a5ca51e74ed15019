using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Upsample;

/// <summary>Writes the loops and tables of an <see cref="UpsamplePlan"/>.</summary>
internal sealed class UpsampleEmitter(UpsamplePlan plan, SourceWriter writer)
{
    /// <summary>Entries of a table in one line.</summary>
    private const int PerLine = 16;

    private readonly Dialect _isa = new(plan.Isa);

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "one channel block", "rows", () => writer.Line(
            $"Rows({plan.Planes.At("operands.Input", plan.Input)}, {plan.Planes.At("operands.Output", plan.Output)}, {plan.Planes.First}, {plan.Planes.End});"));
        writer.Blank();
        EmitRows();
        EmitTables("Row", "row", plan.Rows, plan.Input.Row);
        EmitTables("Column", "column", plan.Columns, plan.Input.Column);
    }

    private void EmitRows()
    {
        writer.Line("/// <summary>The output rows [first, end) of a plane; x and y are its first pixels.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Rows(byte* x, byte* y, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            if (!plan.Columns.IsIdentity) writer.Line("ReadOnlySpan<int> columns = ColumnOffsets;");
            if (plan.Columns.Mixes) writer.Line("ReadOnlySpan<int> nextColumns = NextColumnOffsets;").Line("ReadOnlySpan<float> columnFractions = ColumnFractions;");
            using (writer.Open("for (int row = first; row < end; row++)"))
            {
                writer.Line($"byte* low = x + {(plan.Rows.IsIdentity ? $"(row * {plan.Input.Row}L)" : "RowOffsets[row]")};");
                if (plan.Rows.Mixes)
                {
                    writer.Line("byte* high = x + NextRowOffsets[row];");
                    writer.Line($"{_isa.Type} down = {_isa.Broadcast("RowFractions[row]")};");
                    writer.Line($"{_isa.Type} up = {_isa.Broadcast("1 - RowFractions[row]")};");
                }

                writer.Line($"byte* target = y + (row * {plan.Output.Row}L);");
                using (writer.Loop("column", plan.OutW))
                {
                    EmitPixel();
                    writer.Line($"target += {plan.Output.Column};");
                }
            }
        }
    }

    private void EmitPixel()
    {
        string column = plan.Columns.IsIdentity ? $"(column * {plan.Input.Column}L)" : "columns[column]";
        string left(string row) => _isa.Load($"{row} + {column}");
        if (!plan.Columns.Mixes)
        {
            writer.Line(_isa.Store("target", plan.Rows.Mixes ? $"({left("low")} * up) + ({left("high")} * down)" : left("low")));
            return;
        }

        writer.Line($"{_isa.Type} right = {_isa.Broadcast("columnFractions[column]")};");
        writer.Line($"{_isa.Type} left = {_isa.Broadcast("1 - columnFractions[column]")};");
        string mixed(string row) => $"({left(row)} * left) + ({_isa.Load($"{row} + nextColumns[column]")} * right)";
        writer.Line($"{_isa.Type} v = {mixed("low")};");
        if (plan.Rows.Mixes) writer.Line($"v = (v * up) + (({mixed("high")}) * down);");
        writer.Line(_isa.Store("target", "v"));
    }

    private void EmitTables(string name, string axis, AxisMap map, int bytes)
    {
        if (map.IsIdentity) return;
        Table("int", name + "Offsets", $"Bytes from the plane's first {axis} to the one each output {axis} comes from.", map.Low.Select(p => Literals.Int((long)p * bytes)));
        if (!map.Mixes) return;
        Table("int", $"Next{name}Offsets", $"Bytes to the {axis} that is mixed in.", map.High.Select(p => Literals.Int((long)p * bytes)));
        Table("float", name + "Fractions", $"The weight of the {axis} that is mixed in.", map.Fractions.Select(Literals.Float));
    }

    private void Table(string type, string name, string summary, IEnumerable<string> entries)
    {
        writer.Blank();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line($"private static ReadOnlySpan<{type}> {name} =>").Line("[");
        using (writer.Indent())
        {
            foreach (IGrouping<int, string> line in entries.Select((entry, i) => (entry, i)).GroupBy(e => e.i / PerLine, e => e.entry))
                writer.Line(string.Join(", ", line) + ",");
        }

        writer.Line("];");
    }
}
