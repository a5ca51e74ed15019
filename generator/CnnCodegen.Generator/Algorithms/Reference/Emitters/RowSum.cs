using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// One output row as a weighted sum of input rows: y[o] = bias + sum over channels and taps of w * x[start(o) + tap]. Sums of several pixels are
/// kept in registers, as vectors of neighbouring pixels where the stride is 1; pixels whose windows leave the row come one by one.
/// </summary>
/// <param name="isa">The target.</param>
/// <param name="sliding">The window.</param>
/// <param name="channels">Input channels.</param>
internal sealed class RowSum(Isa isa, Sliding sliding, int channels)
{
    private const int TileSums = 4;

    private readonly int _last = sliding.Last;

    private string StartParameters => string.Concat(Enumerable.Range(0, _last).Select(axis => $", int start{axis}"));

    private string Starts => string.Concat(Enumerable.Range(0, _last).Select(axis => $", start{axis}"));

    /// <summary>The call for one row; <paramref name="outputs"/> are the indices of the row along the outer dimensions.</summary>
    public string Call(string x, string w, string bias, IReadOnlyList<string> outputs) =>
        $"Row({x}, {w}, {bias}, y{string.Concat(outputs.Select((o, axis) => ", " + sliding.Start(axis, o)))});";

    /// <summary>Writes the method <c>Row</c> and what it calls.</summary>
    public void Emit(SourceWriter writer)
    {
        (int first, int end) = sliding.Interior();
        Width width = sliding.Stride(_last) == 1 ? Width.Widest(isa, end - first) : Width.Scalar;
        int tile = TileSums * width.Lanes, tiles = (end - first) / tile, singles = (end - first) % tile / width.Lanes;
        bool overlaps = (end - first) % width.Lanes != 0;

        writer.Blank().Line("/// <summary>One output row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Row(byte* x, byte* w, float bias, byte* y{StartParameters})"))
        using (writer.Open("unchecked"))
        {
            EmitEdge(writer, "0", first);
            if (tiles > 0) EmitPixels(writer, first, first + (tiles * tile), tile);
            if (singles > 0) EmitPixels(writer, first + (tiles * tile), first + (tiles * tile) + (singles * width.Lanes), width.Lanes);
            if (overlaps)
            {
                writer.Line("// The last vector computes some pixels a second time.");
                EmitPixels(writer, end - width.Lanes, end, width.Lanes);
            }

            EmitEdge(writer, $"{end}", sliding.Out[_last]);
        }

        if (tiles > 0) EmitTile(writer, width, TileSums);
        if (singles > 0 || overlaps) EmitTile(writer, width, 1);
        if (end - first < sliding.Out[_last]) EmitEdgePixel(writer);
    }

    private void EmitEdge(SourceWriter writer, string first, int end)
    {
        if (first == $"{end}") return;
        using (writer.Open($"for (int pixel = {first}; pixel < {end}; pixel++)"))
            writer.Line($"Edge(x, w, bias, y + (pixel * 4){Starts}, {sliding.Start(_last, "pixel")});");
    }

    private void EmitPixels(SourceWriter writer, int first, int end, int step)
    {
        string offset(string pixel) => $"(({sliding.Start(_last, pixel)}) * 4)";
        if (end - first == step)
        {
            int start = ((first * sliding.Stride(_last)) - sliding.PadBegin(_last)) * sizeof(float);
            writer.Line($"Pixels{step}(x + {start}, w, bias, y + {first * sizeof(float)}{Starts});");
            return;
        }

        using (writer.Open($"for (int pixel = {first}; pixel < {end}; pixel += {step})"))
            writer.Line($"Pixels{step}(x + {offset("pixel")}, w, bias, y + (pixel * 4){Starts});");
    }

    private void EmitTile(SourceWriter writer, Width width, int sums)
    {
        int pixels = sums * width.Lanes;
        int step = width.Lanes * sliding.Stride(_last) * sizeof(float);
        writer.Blank().Line($"/// <summary>{(pixels == 1 ? "A pixel" : $"{pixels} neighbouring pixels")} whose windows stay inside the row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Pixels{pixels}(byte* x, byte* w, float bias, byte* y{StartParameters})"))
        using (writer.Open("unchecked"))
        {
            for (int s = 0; s < sums; s++) writer.Line($"{width.Type} sum{s} = {width.Broadcast("bias")};");
            EmitChannels(writer, interior: true, (offset, tap) =>
            {
                writer.Line($"{width.Type} weight = {width.Broadcast(Weight(tap))};");
                for (int s = 0; s < sums; s++)
                    writer.Line($"sum{s} = {width.MultiplyAdd("weight", width.Load("x" + offset + (s == 0 ? "" : $" + {s * step}")), $"sum{s}")};");
            });
            writer.Blank();
            for (int s = 0; s < sums; s++) writer.Line(width.Store(s == 0 ? "y" : $"y + {s * width.Lanes * sizeof(float)}", $"sum{s}"));
        }
    }

    private void EmitEdgePixel(SourceWriter writer)
    {
        writer.Blank().Line("/// <summary>A pixel whose window may leave the row; taps outside the input are skipped.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Edge(byte* x, byte* w, float bias, byte* y{StartParameters}, int start{_last})"))
        using (writer.Open("unchecked"))
        {
            writer.Line("float sum = bias;");
            EmitChannels(writer, interior: false, (offset, tap) => writer.Line($"sum += {Weight(tap)} * {Dialect.Float("x" + offset)};"));
            writer.Blank();
            writer.Line("*(float*)y = sum;");
        }
    }

    private void EmitChannels(SourceWriter writer, bool interior, Action<string, string> body)
    {
        using (writer.Loop("channel", channels))
        {
            sliding.EmitTaps(writer, interior, body);
            writer.Line($"x += {sliding.PlaneBytes};");
            writer.Line($"w += {sliding.Taps * sizeof(float)};");
        }
    }

    private static string Weight(string tap) => Dialect.Float(tap.Length == 0 ? "w" : $"w + (({tap}) * 4)");
}
