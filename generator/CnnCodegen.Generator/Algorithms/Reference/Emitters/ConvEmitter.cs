using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Convolution over any number of dimensions. A unit is one output row of one channel.</summary>
internal sealed class ConvEmitter(ReferencePlan plan, Conv conv) : LayerEmitter(plan)
{
    private readonly Sliding _sliding = Sliding.Of(conv.Window, plan.Inputs[0], plan.Output);

    private int Row => _sliding.Out[_sliding.Last];

    public override int Units => (int)(Y.Elements / Row);

    public override void Emit(SourceWriter writer)
    {
        int inGroup = X[1] / conv.Groups, outGroup = conv.OutChannels / conv.Groups, weights = inGroup * _sliding.Taps;
        RowSum sum = new(Plan.Isa, _sliding, inGroup);
        NestWriter.Run(writer, "one output row of one channel", () =>
        {
            string[] rows = Enumerable.Range(0, _sliding.Last).Select(axis => NestWriter.Index($"o{axis}", _sliding.Out[axis])).ToArray();
            NestWriter.Digits(writer, [("image", Y[0]), ("channel", Y[1]), .. rows.Select((_, axis) => ($"o{axis}", _sliding.Out[axis]))]);
            writer.Line($"byte* x = operands.Input{NestWriter.Term("image", X[0], X[1] * _sliding.PlaneBytes)}"
                + (conv.Groups > 1 ? $" + (channel / {outGroup} * {inGroup * _sliding.PlaneBytes});" : ";"));
            writer.Line($"byte* y = operands.Output + (unit * {Row * sizeof(float)});");
            string bias = Dialect.Float($"operands.Weights + {Alignment.Up((long)conv.OutChannels * weights * sizeof(float))}{NestWriter.Term("channel", Y[1], sizeof(float))}");
            writer.Line(sum.Call("x", "operands.Weights" + NestWriter.Term("channel", Y[1], weights * sizeof(float)), bias, rows));
            EmitFinishCall(writer, Row);
        });
        sum.Emit(writer);
        EmitFinish(writer, Row);
    }
}
