using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// Transposed convolution over any number of dimensions. A unit is one output row of one channel, which gathers the input rows that
/// reach it: tap k takes input pixel i to output pixel i * stride + k * dilation - pad.
/// </summary>
internal sealed class ConvTransposeEmitter(ReferencePlan plan, ConvTranspose conv) : LayerEmitter(plan)
{
    private readonly Sliding _sliding = new(conv.Window, plan.Inputs[0].Spatial, plan.Output.Spatial);

    private int Row => _sliding.Out[_sliding.Last];

    public override int Units => (int)(Y.Elements / Row);

    public override void Emit(SourceWriter writer)
    {
        int inGroup = X[1] / conv.Groups, outGroup = conv.OutChannels / conv.Groups, taps = _sliding.Taps * sizeof(float);
        string[] rows = Enumerable.Range(0, _sliding.Last).Select(axis => NestWriter.Index($"o{axis}", Y[axis + 2])).ToArray();
        NestWriter.Run(writer, "one output row of one channel", () =>
        {
            NestWriter.Digits(writer, [("image", Y[0]), ("channel", Y[1]), .. rows.Select((_, axis) => ($"o{axis}", Y[axis + 2]))]);
            writer.Line($"byte* x = operands.Input{NestWriter.Term("image", X[0], X[1] * _sliding.PlaneBytes)}"
                + (conv.Groups > 1 ? $" + (channel / {outGroup} * {inGroup * _sliding.PlaneBytes});" : ";"));
            writer.Line("byte* w = operands.Weights" + (conv.Groups > 1
                ? $" + (channel / {outGroup} * {inGroup * outGroup * taps}) + (channel % {outGroup} * {taps});"
                : NestWriter.Term("channel", Y[1], taps) + ";"));
            writer.Line($"byte* y = operands.Output + (unit * {Row * sizeof(float)});");
            long biases = DenseRecipe.Align((long)X[1] * outGroup * taps);
            writer.Line($"new Span<float>(y, {Row}).Fill({Dialect.Float($"operands.Weights + {biases}{NestWriter.Term("channel", Y[1], sizeof(float))}")});");
            writer.Line($"Gather(x, w, y{string.Concat(rows.Select(o => ", " + o))});");
            EmitFinishCall(writer, Row);
        });
        EmitGather(writer, inGroup, outGroup * taps);
        EmitAccumulate(writer);
        EmitFinish(writer, Row);
    }

    private void EmitGather(SourceWriter writer, int channels, int channelBytes)
    {
        int last = _sliding.Last;
        writer.Blank().Line("/// <summary>Adds every input row that reaches an output row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Gather(byte* x, byte* w, byte* y{string.Concat(Enumerable.Range(0, last).Select(axis => $", int o{axis}"))})"))
        using (writer.Open("unchecked"))
        using (writer.Loop("channel", channels))
        {
            Stack<IDisposable> open = new();
            string row = "x", tap = "";
            string tapPixel(int axis) => _sliding.Dilation(axis) == 1 ? $"k{axis}" : $"(k{axis} * {_sliding.Dilation(axis)})";
            for (int axis = 0; axis < last; axis++)
            {
                int stride = _sliding.Stride(axis);
                open.Push(writer.Loop($"k{axis}", _sliding.Kernel(axis)));
                writer.Line($"int i{axis} = o{axis} - {tapPixel(axis)}{(_sliding.PadBegin(axis) == 0 ? "" : $" + {_sliding.PadBegin(axis)}")};");
                writer.Line($"if (i{axis} < 0{(stride > 1 ? $" || i{axis} % {stride} != 0" : "")} || i{axis} >= {stride * _sliding.In[axis]}) continue;");
                row += $" + (i{axis}{(stride > 1 ? $" / {stride}" : "")} * {_sliding.Step(axis)})";
                tap = tap.Length == 0 ? $"k{axis}" : $"(({tap} * {_sliding.Kernel(axis)}) + k{axis})";
            }

            using (writer.Loop($"k{last}", _sliding.Kernel(last)))
            {
                tap = tap.Length == 0 ? $"k{last}" : $"({tap} * {_sliding.Kernel(last)}) + k{last}";
                writer.Line($"Accumulate({row}, {Dialect.Float($"w + (({tap}) * 4)")}, y, {tapPixel(last)}{(_sliding.PadBegin(last) == 0 ? "" : $" - {_sliding.PadBegin(last)}")});");
            }

            while (open.Count > 0) open.Pop().Dispose();
            writer.Line($"x += {_sliding.PlaneBytes};");
            writer.Line($"w += {channelBytes};");
        }
    }

    private void EmitAccumulate(SourceWriter writer)
    {
        int last = _sliding.Last, stride = _sliding.Stride(last), length = _sliding.In[last];
        string scaled = stride == 1 ? "i" : $"(i * {stride})";
        writer.Blank().Line($"/// <summary>Adds an input row times a weight: pixel i to output pixel {(stride == 1 ? "" : $"{stride} ")}i + shift, as far as that exists.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Accumulate(byte* x, float weight, byte* y, int shift)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"int first = shift >= 0 ? 0 : {(stride == 1 ? "-shift" : $"({stride - 1} - shift) / {stride}")};");
            writer.Line($"int end = shift >= {Row} ? 0 : Math.Min({length}, {(stride == 1 ? $"{Row} - shift" : $"(({Row - 1} - shift) / {stride}) + 1")});");
            RowLoop.Emit(writer, stride == 1 ? Vector(Math.Min(length, Row)) : Width.Scalar, "first", "end", w =>
            {
                writer.Line($"byte* target = y + (({scaled} + shift) * 4);");
                writer.Line(w.Store("target", w.MultiplyAdd(w.Broadcast("weight"), w.Load("x + (i * 4)"), w.Load("target"))));
            });
        }
    }
}
