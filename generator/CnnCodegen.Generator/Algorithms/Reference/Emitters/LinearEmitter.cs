using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>A linear layer. A unit is one output: the scalar product of a row of weights and the input.</summary>
internal sealed class LinearEmitter(ReferencePlan plan, Linear linear) : LayerEmitter(plan)
{
    private const int Sums = 4;

    private readonly int _length = Linear.InFeatures(plan.Inputs[0]);

    public override int Units => (int)Y.Elements;

    public override void Emit(SourceWriter writer)
    {
        NestWriter.Run(writer, "one output of one image", () =>
        {
            NestWriter.Digits(writer, ("image", Y[0]), ("feature", Y[1]));
            int row = _length * sizeof(float);
            long biases = Alignment.Up((long)linear.OutFeatures * row);
            writer.Line($"float v = Dot(operands.Input{NestWriter.Term("image", Y[0], row)}, operands.Weights{NestWriter.Term("feature", Y[1], row)});");
            writer.Line($"v += {Dialect.Float($"operands.Weights + {biases}{NestWriter.Term("feature", Y[1], sizeof(float))}")};");
            if (Plan.Residual) writer.Line("v += ((float*)operands.Second)[unit];");
            writer.Line($"((float*)operands.Output)[unit] = {(Plan.Activation is { } activation ? ScalarMath.Activate(activation, "v") : "v")};");
        });
        EmitDot(writer);
    }

    private void EmitDot(SourceWriter writer)
    {
        Width width = Vector(_length);
        int lanes = width.Lanes, whole = _length / (Sums * lanes) * Sums * lanes;
        writer.Blank().Line($"/// <summary>The scalar product of {_length} values.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static float Dot(byte* x, byte* w)"))
        using (writer.Open("unchecked"))
        {
            int sums = whole > 0 ? Sums : 1;
            for (int s = 0; s < sums; s++) writer.Line($"{width.Type} sum{s} = {width.Constant(0)};");
            if (whole > 0)
            {
                using (writer.Open($"for (int i = 0; i < {whole}; i += {Sums * lanes})"))
                    for (int s = 0; s < Sums; s++) EmitStep(writer, width, s, $" + (i * 4)" + (s == 0 ? "" : $" + {s * lanes * sizeof(float)}"));
            }

            int vectors = _length / lanes * lanes;
            if (vectors > whole)
            {
                using (writer.Open($"for (int i = {whole}; i < {vectors}; i += {lanes})")) EmitStep(writer, width, 0, " + (i * 4)");
            }

            string sum = sums == 1 ? "sum0" : "(sum0 + sum1) + (sum2 + sum3)";
            writer.Line($"float sum = {width.Sum(sum)};");
            if (_length > vectors)
            {
                using (writer.Open($"for (int i = {vectors}; i < {_length}; i++)"))
                    writer.Line("sum += ((float*)x)[i] * ((float*)w)[i];");
            }

            writer.Line("return sum;");
        }
    }

    private static void EmitStep(SourceWriter writer, Width width, int sum, string offset) =>
        writer.Line($"sum{sum} = {width.MultiplyAdd(width.Load("x" + offset), width.Load("w" + offset), $"sum{sum}")};");
}
