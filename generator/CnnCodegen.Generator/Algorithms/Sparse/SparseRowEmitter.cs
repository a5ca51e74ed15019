using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the product of compressed rows of weights with the patches of a block: start values, the sum over weights, and the store.</summary>
internal sealed class SparseRowEmitter(SparseConvPlan plan, SourceWriter writer)
{
    private readonly Dialect _vector = new(plan.Isa);

    private IEnumerable<int> Sums => Enumerable.Range(0, plan.Pixels.Sums);

    public void Emit()
    {
        bool many = plan.Blocks > 1, finishes = plan.FinishesInRegisters;
        string keeps = plan.KeepsSums ? ", byte* sums" : "", first = many ? ", bool isFirst" : "";
        string targets = finishes ? (plan.Residual is null ? "" : ", byte* residual") + ", byte* y" + (many ? ", bool isLast" : "") : "";
        writer.Blank().Line("/// <summary>Multiplies the patches of a block by the weights of some output channels, one channel after the other.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Rows(byte* x, byte* weights, int* ends, int channels, byte* bias{keeps}{first}{targets})"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"byte* w = weights + (ends[0] * {SparseConvPlan.EntryBytes}L);");
            using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
            {
                writer.Line($"byte* end = weights + (ends[channel + 1] * {SparseConvPlan.EntryBytes}L);");
                writer.Line($"{_vector.Type} {string.Join(", ", Sums.Select(i => $"a{i}"))};");
                EmitStart(many);
                EmitWeights();
                EmitEnd(many, finishes);
            }
        }
    }

    private void EmitStart(bool many)
    {
        void bias()
        {
            writer.Line($"a0 = {_vector.Broadcast("((float*)bias)[channel]")};");
            foreach (int i in Sums.Skip(1)) writer.Line($"a{i} = a0;");
        }

        if (!many)
        {
            bias();
            return;
        }

        using (writer.Open("if (isFirst)")) bias();
        using (writer.Open("else"))
            foreach (int i in Sums) writer.Line($"a{i} = {_vector.Load($"sums + {i * plan.VectorBytes}")};");
    }

    private void EmitWeights()
    {
        writer.Blank();
        using (writer.Open($"for (; w < end; w += {SparseConvPlan.EntryBytes})"))
        {
            // As an index of the address, the offset takes no addition and the loop an instruction less, which it was measured to wait for.
            writer.Line("nint p = *(int*)w;");
            writer.Line($"{_vector.Type} v = {_vector.Broadcast(Dialect.Float("w + 4"))};");
            foreach (int i in Sums) writer.Line($"a{i} = {_vector.MultiplyAdd("v", _vector.Load($"x + p + {plan.SumOffset(i, plan.Patch.RowBytes)}"), $"a{i}")};");
        }

        writer.Blank();
    }

    private void EmitEnd(bool many, bool finishes)
    {
        if (finishes)
        {
            using (many ? writer.Open("if (isLast)") : (IDisposable?)null)
            {
                foreach (int i in Sums)
                {
                    if (plan.Residual is { } residual) writer.Line($"a{i} += {_vector.Load($"residual + {plan.SumOffset(i, residual.Row)}")};");
                    if (plan.Activation is { } activation) writer.Line($"a{i} = {_vector.Activate(activation, $"a{i}")};");
                    writer.Line(_vector.Store($"y + {plan.SumOffset(i, plan.Output.Row)}", $"a{i}"));
                }

                writer.Line($"y += {plan.Output.Block};");
                if (plan.Residual is { } second) writer.Line($"residual += {second.Block};");
            }
        }

        if (!plan.KeepsSums) return;
        using (finishes ? writer.Open("else") : (IDisposable?)null)
            foreach (int i in Sums) writer.Line(_vector.Store($"sums + {i * plan.VectorBytes}", $"a{i}"));
        writer.Line($"sums += {plan.SumBytes};");
    }
}
