using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Pooling over any number of dimensions. A unit is one output row of one channel.</summary>
internal sealed class PoolEmitter(ReferencePlan plan, Pool pool) : LayerEmitter(plan)
{
    private readonly Sliding _sliding = new(pool.Window, plan.Inputs[0].Spatial, plan.Output.Spatial);

    private int Row => _sliding.Out[_sliding.Last];

    private bool IsMax => pool.Function == PoolKind.Max;

    public override int Units => (int)(Y.Elements / Row);

    public override void Emit(SourceWriter writer)
    {
        int last = _sliding.Last;
        NestWriter.Run(writer, "one output row of one channel", () =>
        {
            NestWriter.Digits(writer, [("plane", Y[0] * Y[1]), .. Enumerable.Range(0, last).Select(axis => ($"o{axis}", _sliding.Out[axis]))]);
            string starts = string.Concat(Enumerable.Range(0, last).Select(axis => ", " + _sliding.Start(axis, NestWriter.Index($"o{axis}", _sliding.Out[axis]))));
            writer.Line($"Row(operands.Input{NestWriter.Term("plane", Y[0] * Y[1], _sliding.PlaneBytes)}, (float*)operands.Output + (unit * {Row}){starts});");
        });

        writer.Blank().Line("/// <summary>One output row. Taps outside the input do not count.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Row(byte* x, float* y{string.Concat(Enumerable.Range(0, last).Select(axis => $", int start{axis}"))})"))
        using (writer.Open("unchecked"))
        using (writer.Loop("pixel", Row))
        {
            writer.Line($"int start{last} = {_sliding.Start(last, "pixel")};");
            writer.Line(IsMax ? "float max = float.NegativeInfinity;" : "double sum = 0;");
            _sliding.EmitRanges(writer, interior: false);
            _sliding.EmitTaps(writer, interior: false, (offset, _) => writer.Line(IsMax
                ? $"max = Math.Max(max, {Dialect.Float("x" + offset)});"
                : $"sum += {Dialect.Float("x" + offset)};"));
            writer.Line(IsMax ? "y[pixel] = max;" : $"y[pixel] = (float)(sum / {Divisor()});");
        }
    }

    /// <summary>The number of taps inside the input or, where padding counts, inside the padded input, which the last windows may leave too.</summary>
    private string Divisor() => "(" + string.Join(" * ", Enumerable.Range(0, _sliding.Rank).Select(axis =>
    {
        int padded = _sliding.In[axis] + _sliding.PadEnd(axis), kernel = _sliding.Kernel(axis), dilation = _sliding.Dilation(axis);
        if (!pool.CountIncludePad) return _sliding.Leaves(axis) ? $"Math.Max(0, end{axis} - first{axis})" : $"{kernel}";
        int lastStart = ((_sliding.Out[axis] - 1) * _sliding.Stride(axis)) - _sliding.PadBegin(axis);
        return lastStart + (dilation * (kernel - 1)) < padded ? $"{kernel}" : $"Math.Min({kernel}, ({padded + dilation - 1} - start{axis}) / {dilation})";
    })) + ")";
}
