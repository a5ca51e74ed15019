using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Matrix products. A row of the result is a sum of rows of the second matrix, weighted by a row of the first.</summary>
internal sealed class MatMulEmitter(ReferencePlan plan) : LayerEmitter(plan)
{
    private int Columns => Y[Y.Rank - 1];

    public override int Units => (int)(Y.Elements / Columns);

    public override void Emit(SourceWriter writer)
    {
        TensorShape a = X, b = Plan.Inputs[1], batch = Batch(Y);
        int rows = a[a.Rank - 2], inner = a[a.Rank - 1];
        RowSum sum = new(Plan.Isa, Sliding.Row(Columns), inner);
        NestWriter.Run(writer, "one row of the result", () =>
        {
            NestWriter.Digits(writer, [.. batch.Dims.Select((extent, axis) => ($"b{axis}", extent)), ("row", rows)]);
            writer.Line($"byte* a = operands.Input{Offset(a, rows * inner)}{NestWriter.Term("row", rows, inner * sizeof(float))};");
            writer.Line($"byte* b = operands.Second{Offset(b, inner * Columns)};");
            writer.Line($"byte* y = operands.Output + (unit * {Columns * sizeof(float)});");
            writer.Line(sum.Call("b", "a", "0f", []));
        });
        sum.Emit(writer);

        string Offset(TensorShape matrices, int length) => string.Concat(Batch(matrices).BroadcastStrides(batch)
            .Select((stride, axis) => NestWriter.Term($"b{axis}", batch[axis], (long)stride * length * sizeof(float))));
    }

    private static TensorShape Batch(TensorShape x) => TensorShape.Of([.. x.Dims.Take(x.Rank - 2)]);
}
