using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>The mean or the maximum over some dimensions. A unit is one element of the result.</summary>
internal sealed class ReductionEmitter(ReferencePlan plan, int[] reduced, PoolKind function) : LayerEmitter(plan)
{
    private bool IsMax => function == PoolKind.Max;

    public override int Units => (int)Y.Elements;

    public override void Emit(SourceWriter writer)
    {
        EquatableArray<LoopAxis> kept = Loops(axis => !reduced.Contains(axis)), loops = Loops(axis => reduced.Contains(axis));
        NestWriter.Run(writer, "one element of the result", () =>
        {
            NestWriter.Digits(writer, kept.Select((axis, i) => ($"i{i}", axis.Extent)).ToArray());
            string offset = string.Concat(kept.Select((axis, i) => NestWriter.Term($"i{i}", axis.Extent, axis.Strides[0])));
            writer.Line($"((float*)operands.Output)[unit] = Reduce(operands.Input{offset});");
        });

        writer.Blank().Line($"/// <summary>The {(IsMax ? "maximum" : "mean")} of {loops.Aggregate(1, (product, axis) => product * axis.Extent)} elements.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static float Reduce(byte* x)"))
        using (writer.Open("unchecked"))
        {
            LoopAxis row = loops[loops.Count - 1];
            bool contiguous = row.IsContiguous && !IsMax;
            writer.Line(IsMax ? "float max = float.NegativeInfinity;" : "double total = 0;");
            Stack<IDisposable> open = new();
            int outer = contiguous ? loops.Count - 1 : loops.Count;
            for (int i = 0; i < outer; i++) open.Push(writer.Loop($"i{i}", loops[i].Extent));
            string start = "x" + string.Concat(loops.Take(outer).Select((axis, i) => $" + (i{i} * {axis.Strides[0]})"));
            if (contiguous)
            {
                DoubleSum.Emit(writer, Vector(row.Extent), row.Extent, "sum", start, (v, _) => v);
                writer.Line("total += sum;");
            }
            else
            {
                writer.Line(IsMax ? $"max = Math.Max(max, {Dialect.Float(start)});" : $"total += {Dialect.Float(start)};");
            }

            while (open.Count > 0) open.Pop().Dispose();
            writer.Line(IsMax ? "return max;" : $"return (float)(total / {X.Elements / Y.Elements});");
        }
    }

    /// <summary>The loops over some of the input's dimensions.</summary>
    private EquatableArray<LoopAxis> Loops(Func<int, bool> isIncluded)
    {
        int[] strides = X.Strides();
        return Nest.Of(Enumerable.Range(0, X.Rank).Where(isIncluded).Select(axis => new LoopAxis(X[axis], [strides[axis] * sizeof(float)])), 1).Axes;
    }
}
