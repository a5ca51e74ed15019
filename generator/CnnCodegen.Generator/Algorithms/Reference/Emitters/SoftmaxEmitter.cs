using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Softmax along any axis; the maximum is subtracted first, and the sum is kept in double precision. A unit is one vector along the axis.</summary>
internal sealed class SoftmaxEmitter(ReferencePlan plan, Softmax softmax) : LayerEmitter(plan)
{
    public override int Units => (int)(X.Elements / X[softmax.Axis]);

    public override void Emit(SourceWriter writer)
    {
        int length = X[softmax.Axis], step = X.Strides()[softmax.Axis];
        string at = step == 1 ? "i" : $"i * {step}";
        NestWriter.Run(writer, "one vector along the axis", () =>
        {
            string start = step == 1 ? $"(unit * {length})" : $"(unit / {step} * {length * step}) + (unit % {step})";
            writer.Line($"float* x = (float*)operands.Input + {start};");
            writer.Line($"float* y = (float*)operands.Output + {start};");
            writer.Line("float max = float.NegativeInfinity;");
            writer.Line($"for (int i = 0; i < {length}; i++) max = Math.Max(max, x[{at}]);");
            writer.Line("double sum = 0;");
            if (softmax.Log)
            {
                writer.Line($"for (int i = 0; i < {length}; i++) sum += MathF.Exp(x[{at}] - max);");
                writer.Line("double shift = max + Math.Log(sum);");
                writer.Line($"for (int i = 0; i < {length}; i++) y[{at}] = (float)(x[{at}] - shift);");
                return;
            }

            using (writer.Loop("i", length))
            {
                writer.Line($"float e = MathF.Exp(x[{at}] - max);");
                writer.Line($"y[{at}] = e;");
                writer.Line("sum += e;");
            }

            writer.Line("float scale = (float)(1 / sum);");
            writer.Line($"for (int i = 0; i < {length}; i++) y[{at}] *= scale;");
        });
    }
}
