using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the products of a <see cref="SparseLinearPlan"/>.</summary>
internal sealed class SparseLinearEmitter(SparseLinearPlan plan, SourceWriter writer)
{
    /// <summary>
    /// Weights that are multiplied at once. Their inputs are loaded one by one, which is faster than the gather instruction; more than eight
    /// of them need more instructions to come together than they save.
    /// </summary>
    private readonly Dialect _vector = new(plan.Isa == Isa.Avx512 ? Isa.Avx2 : plan.Isa);

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
        writer.Line($"{_vector.Type} sums = {_vector.Zero};");
        using (writer.Open($"for (; w <= end - {_vector.Lanes}; w += {_vector.Lanes}, at += {_vector.Lanes})"))
        {
            string inputs = $"{_vector.Class}.Create({string.Join(", ", Enumerable.Range(0, _vector.Lanes).Select(i => $"x[at[{i}]]"))})";
            writer.Line($"sums = {_vector.MultiplyAdd(_vector.Load("(byte*)w"), inputs, "sums")};");
        }

        writer.Blank().Line($"float v = bias[feature] + {_vector.Class}.Sum(sums);");
        writer.Line("for (; w < end; w++, at++) v += *w * x[*at];");
        string offset = $"feature{image(plan.OutFeatures)}";
        if (plan.Residual) writer.Line($"v += ((float*)operands.Second)[{offset}];");
        writer.Line($"((float*)operands.Output)[{offset}] = {(plan.Activation is { } activation ? ScalarMath.Activate(activation, "v") : "v")};");
    }
}
