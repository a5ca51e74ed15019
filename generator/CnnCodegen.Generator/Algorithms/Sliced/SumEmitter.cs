using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>Writes the sums of nine planes that all filters share.</summary>
internal sealed class SumEmitter(SlicedPlan plan, BitText text, SourceWriter writer)
{
    /// <summary>Nine signs at a time: triples, and the triple of their sums.</summary>
    public void Emit()
    {
        writer.Line("/// <summary>Sums each nine planes with every pattern of signs: the carries of three triples and of the sums of these, and the sum of all.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Sum(byte* planes, byte* sums)"))
        using (writer.Loop("nine", plan.Nines))
        {
            using (writer.Repeat("part", plan.Block.Parts))
            {
                if (plan.Block.Parts > 1) writer.Line($"int first = Math.Min(part * {plan.Block.VectorRows}, {plan.Block.LastPart}) * {plan.Block.RowBytes};");
                string at = plan.Block.Parts > 1 ? " + first" : "";
                for (int sign = 0; sign < SlicedPlan.Nine; sign++) writer.Line($"{text.Type} x{sign} = {text.Load($"planes{at}{PlaneUnits.Plus(sign * plan.Block.PlaneBytes)}")};");
                for (int triple = 0; triple < 3; triple++) Triple(triple, at, $"x{3 * triple}", $"x{(3 * triple) + 1}", $"x{(3 * triple) + 2}");
                Triple(3, at, "sum0", "sum1", "sum2");
                Store(32, at, "sum3");
                Store(33, at, "~sum3");
            }

            writer.Line($"planes += {SlicedPlan.Nine * plan.Block.PlaneBytes};");
            writer.Line($"sums += {SlicedPlan.SumPlanes * plan.Block.PlaneBytes};");
        }
    }

    /// <summary>The sum of three planes, and their carries where bits 4, 2 and 1 of the index say which are complemented; with all, it is the complement.</summary>
    private void Triple(int triple, string at, string a, string b, string c)
    {
        writer.Line($"{text.Type} differ{triple} = {a} ^ {b}, sum{triple} = differ{triple} ^ {c};");
        for (int pattern = 0; pattern < 4; pattern++)
        {
            (bool first, bool last) = (pattern / 2 == 1, pattern % 2 == 1);
            string carry = $"carry{triple}_{pattern}";
            writer.Line($"{text.Type} {carry} = {text.Carry((first ? "~" : "") + $"differ{triple}", (first ? "~" : "") + a, (last ? "~" : "") + c)};");
            int index = (first ? 4 : 0) + (last ? 1 : 0);
            Store((8 * triple) + index, at, carry);
            Store((8 * triple) + 7 - index, at, "~" + carry);
        }
    }

    private void Store(int plane, string at, string value) => writer.Line($"{text.Load($"sums{at}{PlaneUnits.Plus(plane * plan.Block.PlaneBytes)}")} = {value};");
}
