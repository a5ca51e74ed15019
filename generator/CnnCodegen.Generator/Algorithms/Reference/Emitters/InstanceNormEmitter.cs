using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Instance normalisation: mean, then variance around it, both in double precision. A unit is one plane.</summary>
internal sealed class InstanceNormEmitter(ReferencePlan plan, InstanceNorm norm) : LayerEmitter(plan)
{
    public override int Units => X[0] * X[1];

    public override void Emit(SourceWriter writer)
    {
        int plane = X.Spatial.Aggregate(1, (product, size) => product * size), planeBytes = plane * sizeof(float);
        NestWriter.Run(writer, "one channel of one image", () =>
        {
            writer.Line($"byte* x = operands.Input + (unit * {planeBytes});");
            writer.Line($"byte* y = operands.Output + (unit * {planeBytes});");
            DoubleSum.Emit(writer, Vector(plane), plane, "sum", "x", (v, _) => v);
            writer.Line($"double mean = sum / {plane};");
            DoubleSum.Emit(writer, Vector(plane), plane, "squares", "x", (v, broadcast) => $"({v} - {broadcast("mean")}) * ({v} - {broadcast("mean")})");

            writer.Blank();
            string scale = $"1 / Math.Sqrt((squares / {plane}) + {Literals.Float(norm.Epsilon)})", shift = "";
            if (norm.Affine)
            {
                writer.Line($"int channel = unit % {X[1]};");
                scale = $"((float*)operands.Weights)[channel] / Math.Sqrt((squares / {plane}) + {Literals.Float(norm.Epsilon)})";
                shift = $"{Dialect.Float($"operands.Weights + {Alignment.Up(X[1] * sizeof(float))} + (channel * 4)")} - ";
            }

            writer.Line("float center = (float)mean;");
            writer.Line($"double exact = {scale};");
            writer.Line($"float scale = (float)exact, shift = (float)({(shift.Length == 0 ? "-" : shift)}((mean - center) * exact));");
            RowLoop.Emit(writer, Vector(plane), plane, w => writer.Line(w.Store(
                "y + (i * 4)",
                w.MultiplyAdd($"({w.Load("x + (i * 4)")} - {w.Broadcast("center")})", w.Broadcast("scale"), w.Broadcast("shift")))));
        });
    }
}
