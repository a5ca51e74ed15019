using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>Writes an <see cref="UnrolledLinearPlan"/>.</summary>
internal sealed class UnrolledLinearEmitter(UnrolledLinearPlan plan, SourceWriter writer)
{
    private readonly Dialect _vector = new(plan.Isa == Isa.Avx512 ? Isa.Avx2 : plan.Isa);
    private readonly int _vectorBytes = plan.Lanes * 4;

    public void Emit()
    {
        string residual = plan.Residual ? ", residual" : "";
        NestWriter.Run(writer, "all output features", () =>
        {
            using (writer.Repeat("image", plan.Images))
            {
                string at(string pointer, int features) => pointer + NestWriter.Term("image", plan.Images, 4L * features);
                string second = plan.Residual ? $", {at("operands.Second", plan.OutFeatures)}" : "";
                for (int i = 0; i < plan.Methods.Count; i++)
                    writer.Line($"Rows{i}((float*)({at("operands.Input", plan.InFeatures)}), operands.Weights + {plan.ValuesOffset}, operands.Weights{second}, {at("operands.Output", plan.OutFeatures)});");
            }
        });
        for (int i = 0; i < plan.Methods.Count; i++)
        {
            writer.Blank().Line("/// <summary>Multiplies an image's features by the weights of some output features.</summary>");
            writer.Line(NestWriter.Hot);
            using (writer.Open($"private static void Rows{i}(float* x, byte* w, byte* bias{residual.Replace(", ", ", byte* ")}, byte* y)"))
            using (writer.Open("unchecked"))
            {
                writer.Line($"{_vector.Type} a;");
                foreach (FeatureGroup group in plan.Methods[i].Groups) EmitGroup(group);
            }
        }
    }

    private void EmitGroup(FeatureGroup group)
    {
        int features = group.Features.Count;
        writer.Blank();
        writer.Line($"a = {(features == plan.Lanes ? _vector.Load($"bias + {group.FirstFeature * 4}") : Lanes(i => i < features ? Dialect.Float($"bias + {(group.FirstFeature + i) * 4}") : "0"))};");
        for (int i = 0; i < group.Steps.Count; i++)
        {
            // A lane without a weight reads no input: infinity times zero is no zero.
            FeatureStep step = group.Steps[i];
            string inputs = Lanes(lane => step.Weights[lane] < 0 ? "0" : $"x[{step.Weights[lane] % plan.InFeatures}]");
            writer.Line($"a = {_vector.MultiplyAdd(inputs, _vector.Load($"w + {(group.FirstStep + i) * _vectorBytes}"), "a")};");
        }

        if (plan.Residual) writer.Line($"a += {Lanes(i => i < features ? Dialect.Float($"residual + {group.Features[i] * 4}") : "0")};");
        if (plan.Activation is { } activation) writer.Line($"a = {_vector.Activate(activation, "a")};");
        for (int i = 0; i < features; i++) writer.Line($"{Dialect.Float($"y + {group.Features[i] * 4}")} = a.GetElement({i});");
    }

    private string Lanes(Func<int, string> lane) => $"{_vector.Class}.Create({string.Join(", ", Enumerable.Range(0, plan.Lanes).Select(lane))})";
}
