using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the products of a <see cref="SparseLinearPlan"/>.</summary>
internal sealed class SparseLinearEmitter(SparseLinearPlan plan, SourceWriter writer)
{
    /// <summary>Sums that hide the latency of a multiply-add.</summary>
    private const int Sums = 4;

    public void Emit()
    {
        string index = plan.ShortIndices ? "ushort" : "int";
        NestWriter.Run(writer, "some of the output features", () =>
        {
            writer.Line($"Rows(operands, {plan.Bands.Start("unit")}, {plan.Bands.Start("(unit + 1)")});");
        });

        writer.Blank().Line("/// <summary>Multiplies the rows [first, last) with each image's features.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Rows(in Operands operands, int first, int last)"))
        using (writer.Open("unchecked"))
        {
            writer.Line("float* bias = (float*)operands.Weights;");
            writer.Line($"int* ends = (int*)(operands.Weights + {plan.EndsOffset});");
            using (writer.Open("for (int feature = first; feature < last; feature++)"))
            {
                writer.Line($"float* begin = (float*)(operands.Weights + {plan.ValuesOffset}) + ends[feature], end = (float*)(operands.Weights + {plan.ValuesOffset}) + ends[feature + 1];");
                writer.Line($"{index}* indices = ({index}*)(operands.Weights + {plan.IndicesOffset}) + ends[feature];");
                using (writer.Repeat("image", plan.Images)) EmitProduct(index);
            }
        }
    }

    private void EmitProduct(string index)
    {
        string image(int features) => NestWriter.Term("image", plan.Images, features);
        writer.Line($"float* x = (float*)operands.Input{image(plan.InFeatures)}, w = begin;");
        writer.Line($"{index}* at = indices;");
        writer.Line($"float a0 = bias[feature], {string.Join(", ", Enumerable.Range(1, Sums - 1).Select(i => $"a{i} = 0"))};");
        using (writer.Open($"for (; w <= end - {Sums}; w += {Sums}, at += {Sums})"))
            for (int i = 0; i < Sums; i++) writer.Line($"a{i} = {MultiplyAdd($"w[{i}]", $"x[at[{i}]]", $"a{i}")};");
        writer.Blank().Line($"for (; w < end; w++, at++) a0 = {MultiplyAdd("*w", "x[*at]", "a0")};");
        string offset = $"feature{image(plan.OutFeatures)}";
        writer.Line($"float v = (a0 + a1) + (a2 + a3){(plan.Residual ? $" + ((float*)operands.Second)[{offset}]" : "")};");
        writer.Line($"((float*)operands.Output)[{offset}] = {(plan.Activation is { } activation ? ScalarMath.Activate(activation, "v") : "v")};");
    }

    /// <summary>Rounded once where the instruction set has a fused multiply-add; elsewhere that would be a slow emulation.</summary>
    private string MultiplyAdd(string a, string b, string c) => plan.Isa == Isa.Portable ? $"({a} * {b}) + {c}" : $"MathF.FusedMultiplyAdd({a}, {b}, {c})";
}
