using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>Writes the loop over the rows of a <see cref="BitsPlan"/>.</summary>
internal static class BitsRows
{
    /// <summary>The loop over the units, with <c>row</c>, a pointer to the image <c>x</c> and one to the row of the output <c>y</c>.</summary>
    public static void Emit(BitsPlan plan, SourceWriter writer, Action body) => NestWriter.Run(writer, "one row of one image", () =>
    {
        NestWriter.Digits(writer, ("image", plan.To.N), ("row", plan.To.H));
        writer.Line($"byte* x = operands.Input{PlaneUnits.Plus(plan.From.OriginBytes)}{NestWriter.Term("image", plan.From.N, plan.From.ImageBytes)};");
        writer.Line($"byte* y = operands.Output{PlaneUnits.Plus(plan.To.OriginBytes)}{NestWriter.Term("image", plan.To.N, plan.To.ImageBytes)}{NestWriter.Term("row", plan.To.H, plan.To.RowBytes)};");
        body();
    });

    /// <summary>The index of the row.</summary>
    public static string Row(BitsPlan plan) => NestWriter.Index("row", plan.To.H);
}
