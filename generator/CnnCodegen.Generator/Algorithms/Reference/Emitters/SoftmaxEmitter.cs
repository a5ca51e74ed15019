using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// Softmax along any axis; the maximum is subtracted first, and the sum is kept in double precision or compensated. A unit is one vector
/// along the axis, or, where the axis is not the last, the vectors of a row of neighbours, computed side by side.
/// </summary>
internal sealed class SoftmaxEmitter(ReferencePlan plan, Softmax softmax) : LayerEmitter(plan)
{
    /// <summary>Neighbours of a unit.</summary>
    private const int MaxRow = 512;

    private int Length => X[softmax.Axis];

    /// <summary>Elements from one along the axis to the next.</summary>
    private int Step => X.Strides()[softmax.Axis];

    private int Row => Enumerable.Range(1, Math.Min(Step, MaxRow)).Last(row => Step % row == 0);

    public override int Units => (int)(X.Elements / Length / Row);

    public override void Emit(SourceWriter writer)
    {
        if (Step == 1) EmitContiguous(writer);
        else EmitStrided(writer);
    }

    private void EmitContiguous(SourceWriter writer) => NestWriter.Run(writer, "one vector along the axis", () =>
    {
        int bytes = Length * sizeof(float);
        writer.Line($"byte* x = operands.Input{NestWriter.Term("unit", Units, bytes)};");
        writer.Line($"byte* y = operands.Output{NestWriter.Term("unit", Units, bytes)};");
        writer.Line("float max = float.NegativeInfinity;");
        writer.Line($"for (int k = 0; k < {Length}; k++) max = Math.Max(max, ((float*)x)[k]);");
        writer.Blank();
        if (softmax.Log)
        {
            writer.Line("double sum = 0;");
            writer.Line($"for (int k = 0; k < {Length}; k++) sum += MathF.Exp(((float*)x)[k] - max);");
            writer.Line("double shift = max + Math.Log(sum);");
            writer.Line($"for (int k = 0; k < {Length}; k++) ((float*)y)[k] = (float)(((float*)x)[k] - shift);");
            return;
        }

        RowLoop.Emit(writer, Vector(Length), Length, w => writer.Line(w.Store("y + (i * 4)", w.Exp($"{w.Load("x + (i * 4)")} - {w.Broadcast("max")}"))));
        writer.Blank();
        DoubleSum.Emit(writer, Vector(Length), Length, "sum", "y", (v, _) => v);
        writer.Line("float scale = (float)(1 / sum);");
        RowLoop.Emit(writer, Vector(Length), Length, w => writer.Line(w.Store("y + (i * 4)", $"{w.Load("y + (i * 4)")} * {w.Broadcast("scale")}")));
    });

    private void EmitStrided(SourceWriter writer) => NestWriter.Run(writer, $"{Row} vectors along the axis, side by side", () =>
    {
        int rows = Step / Row, outer = Units / rows;
        NestWriter.Digits(writer, ("outer", outer), ("row", rows));
        string start = NestWriter.Term("outer", outer, Length * Step * sizeof(float)) + NestWriter.Term("row", rows, Row * sizeof(float));
        writer.Line($"byte* x = operands.Input{start};");
        writer.Line($"byte* y = operands.Output{start};");
        RowLoop.Emit(writer, Vector(Row), Row, w =>
        {
            string x = w.Load("x + at + (i * 4)"), y = w.Load("y + at + (i * 4)");
            writer.Line($"{w.Type} max = {w.Constant(float.NegativeInfinity)}, sum = {w.Constant(0)}, lost = sum;");
            EmitAlong(writer, $"max = {w.Max("max", x)};");
            writer.Line("// The rounding error of each addition goes into the next one (Kahan).");
            List<string> add = [$"{w.Type} e = {w.Exp($"{x} - max")};", "lost = e - lost;", $"{w.Type} next = sum + lost;", "lost = (next - sum) - lost;", "sum = next;"];
            if (!softmax.Log) add.Insert(1, w.Store("y + at + (i * 4)", "e"));
            EmitAlong(writer, [.. add]);
            writer.Line(softmax.Log ? $"sum = {w.Log("sum")};" : $"sum = {w.Constant(1)} / sum;");
            EmitAlong(writer, w.Store("y + at + (i * 4)", softmax.Log ? $"({x} - max) - sum" : $"{y} * sum"));
        });
    });

    private void EmitAlong(SourceWriter writer, params string[] body)
    {
        int step = Step * sizeof(float);
        using (writer.Open($"for (int at = 0; at < {Length * step}; at += {step})"))
            foreach (string line in body) writer.Line(line);
    }
}
