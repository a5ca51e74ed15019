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

    /// <summary>The number of pixels that an average divides by differs between windows.</summary>
    private bool Counts => !IsMax && !pool.CountIncludePad && Enumerable.Range(0, _sliding.Rank).Any(_sliding.Leaves);

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
            if (Counts) writer.Line("int count = 0;");
            _sliding.EmitTaps(writer, interior: false, (offset, _) =>
            {
                writer.Line(IsMax ? $"max = Math.Max(max, {Dialect.Float("x" + offset)});" : $"sum += {Dialect.Float("x" + offset)};");
                if (Counts) writer.Line("count++;");
            });
            writer.Line(IsMax ? "y[pixel] = max;" : $"y[pixel] = (float)(sum / {Divisor()});");
        }
    }

    private string Divisor()
    {
        if (Counts) return "count";
        if (!pool.CountIncludePad) return $"{_sliding.Taps}";

        // The taps inside the padded input; rounding up lets the last windows reach beyond it.
        return "(" + string.Join(" * ", Enumerable.Range(0, _sliding.Rank).Select(axis =>
        {
            int padded = _sliding.In[axis] + _sliding.PadEnd(axis), kernel = _sliding.Kernel(axis), dilation = _sliding.Dilation(axis);
            int lastStart = ((_sliding.Out[axis] - 1) * _sliding.Stride(axis)) - _sliding.PadBegin(axis);
            return lastStart + (dilation * (kernel - 1)) < padded ? $"{kernel}" : $"Math.Min({kernel}, ({padded + dilation - 1} - start{axis}) / {dilation})";
        })) + ")";
    }
}
