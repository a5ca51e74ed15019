using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// Transposed convolution over any number of dimensions. A unit is one output row of one channel, which gathers the input rows that
/// reach it: tap k takes input pixel i to output pixel i * stride + k * dilation - pad. The sums of a row are kept by phase, the output
/// pixel modulo the stride, so that neighbouring input pixels go to neighbouring sums, and are woven together at the end.
/// </summary>
internal sealed class ConvTransposeEmitter(ReferencePlan plan, ConvTranspose conv) : LayerEmitter(plan)
{
    private readonly Sliding _sliding = new(conv.Window, plan.Inputs[0].Spatial, plan.Output.Spatial);

    /// <summary>Bytes of sums above which they are not kept on the stack.</summary>
    private const int MaxStack = 64 * 1024;

    private int Row => _sliding.Out[_sliding.Last];

    /// <summary>Output pixels from one input pixel's to the next one's.</summary>
    private int Phases => _sliding.Stride(_sliding.Last);

    /// <summary>Output pixels of a phase.</summary>
    private int PhaseRow => (Row + Phases - 1) / Phases;

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
            long biases = Alignment.Up((long)X[1] * outGroup * taps);
            string bias = Dialect.Float($"operands.Weights + {biases}{NestWriter.Term("channel", Y[1], sizeof(float))}");
            writer.Line($"{(Phases == 1 ? "Gather" : "Row")}(x, w, {bias}, y{string.Concat(rows.Select(o => ", " + o))});");
            EmitFinishCall(writer, Row);
        });
        if (Phases > 1) EmitRow(writer);
        EmitGather(writer, inGroup, outGroup * taps);
        EmitAccumulate(writer);
        EmitFinish(writer, Row);
    }

    private string Outputs(string type) => string.Concat(Enumerable.Range(0, _sliding.Last).Select(axis => $", {type}o{axis}"));

    private void EmitRow(SourceWriter writer)
    {
        int bytes = Phases * PhaseRow * sizeof(float);
        writer.Blank().Line($"/// <summary>One output row of {Phases} phases.</summary>");
        writer.Line("[SkipLocalsInit]");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Row(byte* x, byte* w, float bias, byte* y{Outputs("int ")})"))
        using (writer.Open("unchecked"))
        {
            writer.Line(bytes <= MaxStack ? $"byte* sums = stackalloc byte[{bytes}];" : $"byte* sums = (byte*)global::System.Runtime.InteropServices.NativeMemory.Alloc({bytes});");
            writer.Line($"Gather(x, w, bias, sums{Outputs("")});");
            using (writer.Loop("phase", Math.Min(Phases, Row)))
            {
                writer.Line($"float* source = (float*)sums + (phase * {PhaseRow});");
                writer.Line($"for (int pixel = phase; pixel < {Row}; pixel += {Phases}) ((float*)y)[pixel] = *source++;");
            }

            if (bytes > MaxStack) writer.Line("global::System.Runtime.InteropServices.NativeMemory.Free(sums);");
        }
    }

    private void EmitGather(SourceWriter writer, int channels, int channelBytes)
    {
        int last = _sliding.Last;
        string tapPixel(int axis) => _sliding.Dilation(axis) == 1 ? $"k{axis}" : $"(k{axis} * {_sliding.Dilation(axis)})";
        writer.Blank().Line("/// <summary>The sum of the input rows that reach an output row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Gather(byte* x, byte* w, float bias, byte* y{Outputs("int ")})"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"new Span<float>(y, {Phases * PhaseRow}).Fill(bias);");
            Stack<IDisposable> open = new();
            open.Push(writer.Loop("channel", channels));
            string row = "x", tap = "";
            for (int axis = 0; axis < last; axis++)
            {
                int stride = _sliding.Stride(axis);
                open.Push(writer.Loop($"k{axis}", _sliding.Kernel(axis)));
                writer.Line($"int i{axis} = o{axis} - {tapPixel(axis)}{(_sliding.PadBegin(axis) == 0 ? "" : $" + {_sliding.PadBegin(axis)}")};");
                writer.Line($"if (i{axis} < 0{(stride > 1 ? $" || i{axis} % {stride} != 0" : "")} || i{axis} >= {stride * _sliding.In[axis]}) continue;");
                row += $" + (i{axis}{(stride > 1 ? $" / {stride}" : "")} * {_sliding.Step(axis)})";
                tap = tap.Length == 0 ? $"k{axis}" : $"(({tap} * {_sliding.Kernel(axis)}) + k{axis})";
            }

            open.Push(writer.Loop($"k{last}", _sliding.Kernel(last)));
            tap = tap.Length == 0 ? $"k{last}" : $"(({tap} * {_sliding.Kernel(last)}) + k{last})";
            string target = tapPixel(last) + (_sliding.PadBegin(last) == 0 ? "" : $" - {_sliding.PadBegin(last)}"), sums = "y", shift = target;
            if (Phases > 1)
            {
                writer.Line($"int target = {target};");
                writer.Line(_sliding.PadBegin(last) == 0 ? $"int phase = target % {Phases};" : $"int phase = ((target % {Phases}) + {Phases}) % {Phases};");
                (sums, shift) = ($"y + (phase * {PhaseRow * sizeof(float)})", $"(target - phase) / {Phases}");
            }

            writer.Line($"Accumulate({row}, {Dialect.Float($"w + ({tap} * 4)")}, {sums}, {shift});");
            while (open.Count > 1) open.Pop().Dispose();
            writer.Line($"x += {_sliding.PlaneBytes};");
            writer.Line($"w += {channelBytes};");
            open.Pop().Dispose();
        }
    }

    private void EmitAccumulate(SourceWriter writer)
    {
        int length = _sliding.In[_sliding.Last];
        writer.Blank().Line("/// <summary>Adds an input row times a weight: pixel i to sum i + shift, as far as that exists.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Accumulate(byte* x, float weight, byte* y, int shift)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"int first = Math.Max(0, -shift), end = Math.Min({length}, {PhaseRow} - shift);");
            writer.Line("y += shift * 4;");
            RowLoop.Emit(writer, Vector(Math.Min(length, PhaseRow)), "first", "end", w => writer.Line(w.Store(
                "y + (i * 4)", w.MultiplyAdd(w.Broadcast("weight"), w.Load("x + (i * 4)"), w.Load("y + (i * 4)")))));
        }
    }
}
