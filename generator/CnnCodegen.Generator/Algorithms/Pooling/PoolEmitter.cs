using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>Writes the loops of a <see cref="PoolPlan"/>: rows, the interior of a row in tiles, its edges pixel by pixel.</summary>
internal sealed class PoolEmitter(PoolPlan plan, SourceWriter writer)
{
    private const string Hot = "[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]";

    private readonly Dialect _isa = new(plan.Isa);

    private bool IsMax => plan.Function == PoolKind.Max;

    private bool HasEdges => !plan.HasInterior || plan.InnerRows != (0, plan.OutH) || plan.InnerColumns != (0, plan.OutW);

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "one channel block", "rows", () => writer.Line(
            $"Rows({plan.Planes.At("operands.Input", plan.Input)}, {plan.Planes.At("operands.Output", plan.Output)}, {plan.Planes.First}, {plan.Planes.End});"));
        writer.Blank();
        EmitRows();
        if (plan.HasInterior)
        {
            writer.Blank();
            EmitInterior();
        }

        if (HasEdges)
        {
            writer.Blank();
            EmitEdge();
        }
    }

    private void EmitRows()
    {
        writer.Line("/// <summary>The output rows [first, end) of a plane; x and y are its first pixels.</summary>");
        using (writer.Open("private static void Rows(byte* x, byte* y, int first, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int row = first; row < end; row++)"))
        {
            writer.Line($"byte* target = y + (row * {plan.Output.Row}L);");
            if (!plan.HasInterior)
            {
                writer.Line($"Edge(x, target, row, 0, {plan.OutW});");
                return;
            }

            (int top, int bottom) = plan.InnerRows;
            (int left, int right) = plan.InnerColumns;
            string[] outside = [.. top > 0 ? new[] { $"row < {top}" } : [], .. bottom < plan.OutH ? new[] { $"row >= {bottom}" } : []];
            if (outside.Length > 0)
            {
                using (writer.Open($"if ({string.Join(" || ", outside)})"))
                    writer.Line($"Edge(x, target, row, 0, {plan.OutW});").Line("continue;");
                writer.Blank();
            }

            WindowAxis rows = plan.Window.Rows, columns = plan.Window.Columns;
            long column = ((left * (long)columns.Stride) - columns.PadBegin) * plan.Input.Column;
            string corner = Corner("row", rows);
            if (left > 0) writer.Line($"Edge(x, target, row, 0, {left});");
            writer.Line($"Interior(x + ({(corner == "row" ? corner : $"({corner})")} * {plan.Input.Row}L){PlaneUnits.Plus(column)}, target{PlaneUnits.Plus((long)left * plan.Output.Column)});");
            if (right < plan.OutW) writer.Line($"Edge(x, target, row, {right}, {plan.OutW});");
        }
    }

    private void EmitInterior()
    {
        writer.Line("/// <summary>The outputs of a row whose windows lie inside the input; x is the first window's corner.</summary>").Line(Hot);
        using (writer.Open("private static void Interior(byte* x, byte* y)"))
        using (writer.Open("unchecked"))
        {
            foreach ((int columns, int count) in plan.Columns.Pieces)
            {
                using (writer.Repeat("tile", count))
                {
                    if (plan.Unrolled) EmitUnrolledTile(columns);
                    else EmitLoopedTile(columns);
                    string divisor = _isa.Broadcast(Literals.Float(1f / plan.Window.Taps));
                    for (int column = 0; column < columns; column++)
                        writer.Line(_isa.Store($"y + {column * plan.Output.Column}", IsMax ? $"a{column}" : $"a{column} * {divisor}"));
                    writer.Line($"x += {columns * plan.Window.Columns.Stride * plan.Input.Column};");
                    writer.Line($"y += {columns * plan.Output.Column};");
                }
            }
        }
    }

    /// <summary>Each column of pixels is reduced once, then combined into the outputs whose windows it crosses.</summary>
    private void EmitUnrolledTile(int columns)
    {
        WindowAxis across = plan.Window.Columns;
        var uses = from output in Enumerable.Range(0, columns)
                   from tap in Enumerable.Range(0, across.Kernel)
                   group output by (output * across.Stride) + (tap * across.Dilation) into column
                   orderby column.Key
                   select column;
        writer.Line($"{_isa.Type} v;");
        HashSet<int> started = [];
        foreach (IGrouping<int, int> column in uses)
        {
            for (int kh = 0; kh < plan.Window.Rows.Kernel; kh++)
            {
                string pixel = _isa.Load($"x + {(kh * plan.Window.Rows.Dilation * plan.Input.Row) + (column.Key * plan.Input.Column)}");
                writer.Line($"v = {(kh == 0 ? pixel : Combine("v", pixel))};");
            }

            foreach (int output in column)
                writer.Line(started.Add(output) ? $"{_isa.Type} a{output} = v;" : $"a{output} = {Combine($"a{output}", "v")};");
        }
    }

    private void EmitLoopedTile(int columns)
    {
        for (int column = 0; column < columns; column++) writer.Line($"{_isa.Type} a{column} = {Start};");
        writer.Line("byte* xRow = x;");
        using (writer.Loop("kh", plan.Window.Rows.Kernel))
        {
            writer.Line("byte* xTap = xRow;");
            using (writer.Loop("kw", plan.Window.Columns.Kernel))
            {
                for (int column = 0; column < columns; column++)
                    writer.Line($"a{column} = {Combine($"a{column}", _isa.Load($"xTap + {column * plan.Window.Columns.Stride * plan.Input.Column}"))};");
                writer.Line($"xTap += {plan.Window.Columns.Dilation * plan.Input.Column};");
            }

            writer.Line($"xRow += {plan.Window.Rows.Dilation * plan.Input.Row};");
        }
    }

    private void EmitEdge()
    {
        writer.Line("/// <summary>The outputs [first, end) of a row, their windows clipped to the input; x and y are the plane's and the row's first pixels.</summary>").Line(Hot);
        using (writer.Open("private static void Edge(byte* x, byte* y, int row, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            EmitClip("row", "top", "bottom", plan.Window.Rows, plan.InH);
            if (!IsMax) EmitCount("rows", "row", "top", "bottom", plan.Window.Rows, plan.InH);
            using (writer.Open("for (int column = first; column < end; column++)"))
            {
                EmitClip("column", "left", "right", plan.Window.Columns, plan.InW);
                writer.Line($"{_isa.Type} a = {Start};");
                using (writer.Open($"for (int h = top; h < bottom; h += {plan.Window.Rows.Dilation})"))
                using (writer.Open($"for (int w = left; w < right; w += {plan.Window.Columns.Dilation})"))
                    writer.Line($"a = {Combine("a", _isa.Load($"x + (h * {plan.Input.Row}L) + (w * {plan.Input.Column}L)"))};");
                if (!IsMax)
                {
                    EmitCount("columns", "column", "left", "right", plan.Window.Columns, plan.InW);
                    writer.Line($"a *= {_isa.Broadcast("1f / (rows * columns)")};");
                }

                writer.Line(_isa.Store($"y + (column * {plan.Output.Column}L)", "a"));
            }
        }
    }

    /// <summary>The pixels [first, last) of the window along one axis that lie inside the input, in steps of the dilation.</summary>
    private void EmitClip(string output, string first, string last, WindowAxis axis, int size)
    {
        string start = Corner(output, axis);
        writer.Line($"int {first} = {start};");
        writer.Line($"int {last} = Math.Min({first} + {axis.Kernel * axis.Dilation}, {size});");
        if (axis.PadBegin == 0) return;
        writer.Line(axis.Dilation == 1
            ? $"{first} = Math.Max({first}, 0);"
            : $"if ({first} < 0) {first} += ({axis.Dilation - 1} - {first}) / {axis.Dilation} * {axis.Dilation};");
    }

    /// <summary>How many positions of the window an average divides by, along one axis.</summary>
    private void EmitCount(string count, string output, string first, string last, WindowAxis axis, int size)
    {
        string covered = $"{last} - {first}";
        if (plan.CountIncludePad)
            covered = $"Math.Min({axis.Kernel * axis.Dilation}, {size + axis.PadEnd + axis.PadBegin} - ({output} * {axis.Stride}))";
        writer.Line(axis.Dilation == 1 ? $"int {count} = {covered};" : $"int {count} = ({covered} + {axis.Dilation - 1}) / {axis.Dilation};");
    }

    private static string Corner(string output, WindowAxis axis)
    {
        string corner = axis.Stride > 1 ? $"{output} * {axis.Stride}" : output;
        return axis.PadBegin == 0 ? corner : axis.Stride > 1 ? $"({corner}) - {axis.PadBegin}" : $"{corner} - {axis.PadBegin}";
    }

    private string Start => IsMax ? _isa.Broadcast("float.NegativeInfinity") : _isa.Zero;

    private string Combine(string a, string b) => IsMax ? _isa.MaxNumber(a, b) : $"{a} + {b}";
}
