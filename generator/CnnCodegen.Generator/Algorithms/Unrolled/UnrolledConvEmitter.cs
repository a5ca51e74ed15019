using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>Writes an <see cref="UnrolledConvPlan"/>: the loops of the sparse convolution around one method for some of its output channels each.</summary>
internal sealed class UnrolledConvEmitter(UnrolledConvPlan plan, SourceWriter writer) : SparseConvEmitter(plan.Loops, writer)
{
    private readonly SourceWriter _writer = writer;
    private readonly SparseConvPlan _loops = plan.Loops;
    private readonly Dialect _vector = new(plan.Isa);

    private bool Finishes(UnrolledMethod method) => _loops.FinishesInRegisters && method.Block == _loops.Blocks - 1;

    protected override void EmitBlocks(string channels)
    {
        _writer.Line($"byte* weights = operands.Weights + {plan.ValuesOffset};");
        int block = -1;
        for (int i = 0; i < plan.Methods.Count; i++)
        {
            UnrolledMethod method = plan.Methods[i];
            if (method.Block > block)
            {
                block = method.Block;
                EmitGather($"{block * _loops.BlockChannels}", $"{(block == _loops.Blocks - 1 ? _loops.LastChannels : _loops.BlockChannels)}");
                if (block < _loops.Blocks - 1 && !_loops.Forms.ReadsBlocks) _writer.Line($"x += {(long)_loops.BlockChannels * _loops.Input.Block};");
            }

            string targets = (_loops.KeepsSums ? ", sums" : "") + (Finishes(method) ? (_loops.Residual is null ? "" : ", residual") + ", y" : "");
            _writer.Line($"Rows{i}(operands.Scratch, (float*)weights, bias{targets});");
        }

        if (!_loops.FinishesInRegisters) EmitFinish($"{_loops.OutChannels}", "");
    }

    protected override void EmitRows()
    {
        for (int i = 0; i < plan.Methods.Count; i++)
        {
            UnrolledMethod method = plan.Methods[i];
            UnrolledRows first = method.Rows[0], last = method.Rows[method.Rows.Count - 1];
            string targets = (_loops.KeepsSums ? ", byte* sums" : "") + (Finishes(method) ? (_loops.Residual is null ? "" : ", byte* residual") + ", byte* y" : "");
            _writer.Blank().Line($"/// <summary>Multiplies patches by the weights of the output channels {first.FirstChannel} to {last.FirstChannel + last.Channels - 1}.</summary>");
            _writer.Line(NestWriter.Hot);
            using (_writer.Open($"private static void Rows{i}(byte* x, float* w, byte* bias{targets})"))
            using (_writer.Open("unchecked"))
            {
                int names = _loops.Pixels.Sums * method.Rows.Max(rows => rows.Channels);
                _writer.Line($"{_vector.Type}* {string.Join(", ", plan.Pointers.Select((_, p) => $"p{p}"))};");
                _writer.Line($"{_vector.Type} v, {string.Join(", ", Enumerable.Range(0, names).Select(a => $"a{a}"))};");
                foreach (UnrolledRows rows in method.Rows) EmitRows(method, rows);
            }
        }
    }

    private void EmitRows(UnrolledMethod method, UnrolledRows rows)
    {
        int sums = _loops.Pixels.Sums;
        List<int> pointers = [.. plan.Pointers];
        _writer.Blank();
        for (int row = 0; row < rows.Channels; row++)
        {
            for (int i = 0; i < sums; i++)
            {
                int channel = rows.FirstChannel + row;
                string start = method.Block > 0 ? _vector.Load($"sums + {(channel * _loops.SumBytes) + (i * _loops.VectorBytes)}")
                    : i == 0 ? _vector.Broadcast(Dialect.Float($"bias + {channel * 4}")) : $"a{row * sums}";
                _writer.Line($"a{(row * sums) + i} = {start};");
            }
        }

        for (int weight = 0; weight < rows.Weights.Count; weight++)
        {
            (int row, int offset, _) = rows.Weights[weight];
            for (int i = 0; i < pointers.Count; i++) _writer.Line($"p{i} = ({_vector.Type}*)(x + {offset + pointers[i]});");
            _writer.Line($"v = {_vector.Broadcast($"w[{rows.FirstWeight + weight}]")};");
            for (int i = 0; i < sums; i++)
            {
                int pointer = plan.Pointer(i), vector = (_loops.SumOffset(i, _loops.Patch.RowBytes) - pointer) / _loops.VectorBytes;
                string a = $"a{(row * sums) + i}";
                _writer.Line($"{a} = {_vector.MultiplyAdd("v", $"p{pointers.IndexOf(pointer)}[{Literals.Int(vector)}]", a)};");
            }
        }

        for (int row = 0; row < rows.Channels; row++)
            for (int i = 0; i < sums; i++) EmitEnd(method, rows.FirstChannel + row, i, $"a{(row * sums) + i}");
    }

    private void EmitEnd(UnrolledMethod method, int channel, int sum, string a)
    {
        if (!Finishes(method))
        {
            _writer.Line(_vector.Store($"sums + {(channel * _loops.SumBytes) + (sum * _loops.VectorBytes)}", a));
            return;
        }

        if (_loops.Residual is { } residual) _writer.Line($"{a} += {_vector.Load($"residual + {Literals.Int(((long)channel * residual.Block) + _loops.SumOffset(sum, residual.Row))}")};");
        if (_loops.Activation is { } activation) _writer.Line($"{a} = {_vector.Activate(activation, a)};");
        _writer.Line(_vector.Store($"y + {Literals.Int(((long)channel * _loops.Output.Block) + _loops.SumOffset(sum, _loops.Output.Row))}", a));
    }
}
