using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Local response normalisation across channels. A unit is one channel of one image.</summary>
internal sealed class LocalResponseNormEmitter(ReferencePlan plan, LocalResponseNorm norm) : LayerEmitter(plan)
{
    /// <summary>Powers that are square roots, which vectors have.</summary>
    private bool HasRoots => norm.Beta is 0.5f or 0.75f or 1f;

    public override int Units => X[0] * X[1];

    public override void Emit(SourceWriter writer)
    {
        int plane = X.Spatial.Aggregate(1, (product, size) => product * size), before = (norm.Size - 1) / 2, after = norm.Size / 2;
        int planeBytes = plane * sizeof(float);
        NestWriter.Run(writer, "one channel of one image", () =>
        {
            NestWriter.Digits(writer, ("image", X[0]), ("channel", X[1]));
            string channel = NestWriter.Index("channel", X[1]);
            writer.Line($"int first = Math.Max(0, {channel} - {before}), last = Math.Min({X[1] - 1}, {channel} + {after});");
            writer.Line($"byte* x = operands.Input{NestWriter.Term("image", X[0], X[1] * planeBytes)};");
            writer.Line($"byte* y = operands.Output + (unit * {planeBytes});");
            RowLoop.Emit(writer, HasRoots ? Vector(plane) : Width.Scalar, plane, w =>
            {
                writer.Line($"{w.Type} sum = {w.Constant(0)};");
                using (writer.Open("for (int neighbour = first; neighbour <= last; neighbour++)"))
                {
                    writer.Line($"{w.Type} v = {w.Load($"x + (neighbour * {planeBytes}) + (i * 4)")};");
                    writer.Line($"sum = {w.MultiplyAdd("v", "v", "sum")};");
                }

                writer.Line($"sum = {w.MultiplyAdd("sum", w.Constant((float)((double)norm.Alpha / norm.Size)), w.Constant(norm.K))};");
                writer.Line(w.Store("y + (i * 4)", $"{w.Load($"x + ({channel} * {planeBytes}) + (i * 4)")} / {Power(w)}"));
            });
        });
    }

    private string Power(Width w) => norm.Beta switch
    {
        0.5f => w.Sqrt("sum"),
        0.75f => $"({w.Sqrt("sum")} * {w.Sqrt(w.Sqrt("sum"))})",
        1f => "sum",
        _ => $"MathF.Pow(sum, {Literals.Float(norm.Beta)})",
    };
}
