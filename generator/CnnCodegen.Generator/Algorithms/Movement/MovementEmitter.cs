using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Movement;

/// <summary>Writes the loops of a <see cref="MovementPlan"/>; rows are copied whole where they are contiguous.</summary>
internal static class MovementEmitter
{
    /// <summary>Even pieces of a mapped row that are written one by one; a row of more is read through its map.</summary>
    private const int MaxPieces = 4;

    public static void Emit(MovementPlan plan, SourceWriter writer)
    {
        Nest nest = plan.Nest;
        int row = nest.Axes.Count - 1;
        bool readsMap = nest.Row.IsMapped && Pieces(nest.Row).Count > MaxPieces;
        NestWriter.Run(writer, nest, [("y", Origin("operands.Output", plan.OutOrigin)), ("x", Origin("operands.Input", plan.InOrigin))], () =>
        {
            EmitMissingRow(plan, writer);
            if (readsMap)
            {
                writer.Line($"ReadOnlySpan<int> map = Map{row};");
                string value = nest.Row.Map.Contains(-1) ? $"map[i] < 0 ? {Literals.Float(plan.Fill)} : *(float*)(x + map[i])" : "*(float*)(x + map[i])";
                writer.Line($"for (int i = 0; i < map.Length; i++) ((float*)y)[i] = {value};");
            }
            else if (nest.Row.IsMapped)
            {
                foreach ((int start, int count, int source, int step) in Pieces(nest.Row)) EmitPiece(writer, plan.Fill, start, count, source, step);
            }
            else if (nest.Row.IsContiguous)
            {
                writer.Line($"Unsafe.CopyBlockUnaligned(y, x, {nest.Row.Extent * sizeof(float)});");
            }
            else
            {
                writer.Line($"for (int i = 0; i < {nest.Row.Extent}; i++) ((float*)y)[{Scaled(nest.Row.Strides[0])}] = ((float*)x)[{Scaled(nest.Row.Strides[1])}];");
            }
        });

        for (int axis = 0; axis < nest.Axes.Count; axis++)
        {
            if (!nest.Axes[axis].IsMapped || (axis == row && !readsMap)) continue;
            writer.Blank();
            writer.Line($"/// <summary>Where each element of loop {axis} comes from, in bytes{(nest.Axes[axis].Map.Contains(-1) ? "; -1: nowhere" : "")}.</summary>");
            NestWriter.Table(writer, "int", $"Map{axis}", nest.Axes[axis].Map.Select(v => Literals.Int(v)).ToArray());
        }
    }

    /// <summary>A row that lies in the padding of an outer dimension.</summary>
    private static void EmitMissingRow(MovementPlan plan, SourceWriter writer)
    {
        string[] missing = Enumerable.Range(0, plan.Nest.Axes.Count - 1)
            .Where(axis => plan.Nest.Axes[axis].Map.Contains(-1)).Select(axis => $"Map{axis}[{NestWriter.Index($"i{axis}", plan.Nest.Axes[axis].Extent)}] < 0").ToArray();
        if (missing.Length == 0) return;
        using (writer.Open($"if ({string.Join(" || ", missing)})"))
        {
            writer.Line($"new Span<float>(y, {plan.Nest.Row.Extent}).Fill({Literals.Float(plan.Fill)});");
            writer.Line("continue;");
        }

        writer.Blank();
    }

    private static void EmitPiece(SourceWriter writer, float fill, int start, int count, int source, int step)
    {
        string y = Origin("y", start * sizeof(float)), x = Origin("x", source);
        writer.Line(source < 0 ? $"new Span<float>({y}, {count}).Fill({Literals.Float(fill)});"
            : step == 0 ? $"new Span<float>({y}, {count}).Fill({Dialect.Float(x)});"
            : step == sizeof(float) ? $"Unsafe.CopyBlockUnaligned({y}, {x}, {count * sizeof(float)});"
            : $"for (int i = 0; i < {count}; i++) ((float*)({y}))[i] = ((float*)({x}))[{Scaled(step)}];");
    }

    /// <summary>The stretches of a map with one step; source -1 for elements that come from nowhere.</summary>
    private static List<(int Start, int Count, int Source, int Step)> Pieces(LoopAxis row)
    {
        List<(int Start, int Count, int Source, int Step)> pieces = [];
        for (int start = 0; start < row.Extent;)
        {
            int source = row.Map[start], end = start + 1;
            int step = end < row.Extent && (row.Map[end] >= 0) == (source >= 0) ? row.Map[end] - source : 0;
            while (end < row.Extent && (row.Map[end] >= 0) == (source >= 0) && row.Map[end] - row.Map[end - 1] == step) end++;
            pieces.Add((start, end - start, source, step));
            start = end;
        }

        return pieces;
    }

    private static string Scaled(int strideBytes) => strideBytes == sizeof(float) ? "i" : $"i * {Literals.Int(strideBytes / sizeof(float))}";

    private static string Origin(string pointer, int offset) => offset == 0 ? pointer : $"{pointer} + {Literals.Int(offset)}";
}
