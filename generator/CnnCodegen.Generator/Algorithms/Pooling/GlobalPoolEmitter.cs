using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>Writes the loops of a <see cref="GlobalPoolPlan"/>.</summary>
internal sealed class GlobalPoolEmitter(GlobalPoolPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    private bool IsMax => plan.Function == PoolKind.Max;

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "one channel block", "rows", () => writer.Line(
            $"Plane({plan.Planes.At("operands.Input", plan.Input)}, {plan.Planes.At("operands.Output", plan.Output)});"));
        writer.Blank();
        writer.Line("/// <summary>Reduces one plane; the accumulators take turns.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Plane(byte* x, byte* y)"))
        using (writer.Open("unchecked"))
        {
            int accumulators = Math.Min(GlobalPoolPlan.Accumulators, plan.Columns);
            string start = IsMax ? _isa.Broadcast("float.NegativeInfinity") : _isa.Zero;
            for (int i = 0; i < accumulators; i++) writer.Line($"{_isa.Type} a{i} = {start};");
            EmitRows(accumulators);
            writer.Blank();
            for (int step = 1; step < accumulators; step *= 2)
            {
                for (int i = 0; i + step < accumulators; i += 2 * step) writer.Line($"a{i} = {Combine($"a{i}", $"a{i + step}")};");
            }

            string divisor = _isa.Broadcast(Literals.Float((float)(1.0 / ((double)plan.Rows * plan.Columns))));
            writer.Line(_isa.Store("y", IsMax ? "a0" : $"a0 * {divisor}"));
        }
    }

    private void EmitRows(int accumulators)
    {
        if (plan.Rows == 1)
        {
            EmitRow("x", accumulators);
            return;
        }

        using (writer.Loop("row", plan.Rows))
        {
            writer.Line("byte* pixel = x;");
            EmitRow("pixel", accumulators);
            writer.Line($"x += {plan.Input.Row};");
        }
    }

    private void EmitRow(string x, int accumulators)
    {
        using (writer.Repeat("tile", plan.Columns / accumulators))
        {
            EmitPixels(x, accumulators);
            writer.Line($"{x} += {accumulators * plan.Input.Column};");
        }

        EmitPixels(x, plan.Columns % accumulators);
    }

    private void EmitPixels(string x, int count)
    {
        for (int i = 0; i < count; i++) writer.Line($"a{i} = {Combine($"a{i}", _isa.Load($"{x} + {i * plan.Input.Column}"))};");
    }

    private string Combine(string a, string b) => IsMax ? _isa.MaxNumber(a, b) : $"{a} + {b}";
}
