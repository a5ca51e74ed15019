using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// One output row as a weighted sum of input rows: y[o] = bias + sum over channels and taps of w * x[start(o) + tap]. Sums of several pixels are
/// kept in registers, as vectors of neighbouring pixels where the stride is 1; pixels whose windows leave the row come one by one.
/// </summary>
internal sealed class RowSum
{
    /// <summary>Sums that are in registers at once.</summary>
    private const int MaxSums = 8;

    private readonly Sliding _sliding;
    private readonly int _channels;
    private readonly int _last;
    private readonly int _first;
    private readonly int _end;
    private readonly Width _width;
    private readonly int _tiles;
    private readonly int _sums;

    /// <param name="isa">The target.</param>
    /// <param name="sliding">The window.</param>
    /// <param name="channels">Input channels.</param>
    public RowSum(Isa isa, Sliding sliding, int channels)
    {
        (_sliding, _channels, _last) = (sliding, channels, sliding.Last);
        (_first, _end) = sliding.Interior();
        _width = sliding.Stride(_last) == 1 ? Width.Widest(isa, Inside) : Width.Scalar;
        int vectors = (Inside + _width.Lanes - 1) / _width.Lanes;
        _tiles = (vectors + MaxSums - 1) / MaxSums;
        _sums = _tiles == 0 ? 0 : (vectors + _tiles - 1) / _tiles;
    }

    /// <summary>Pixels whose windows stay inside the row.</summary>
    private int Inside => _end - _first;

    /// <summary>Pixels of a tile; the row's last tile, or a lone tile's last vector, overlaps the one before it.</summary>
    private int Tile => Math.Min(_sums * _width.Lanes, Inside);

    private string StartParameters => string.Concat(Enumerable.Range(0, _last).Select(axis => $", int start{axis}"));

    private string Starts => string.Concat(Enumerable.Range(0, _last).Select(axis => $", start{axis}"));

    /// <summary>The call for one row; <paramref name="outputs"/> are the indices of the row along the outer dimensions.</summary>
    public string Call(string x, string w, string bias, IReadOnlyList<string> outputs) =>
        $"Row({x}, {w}, {bias}, y{string.Concat(outputs.Select((o, axis) => ", " + _sliding.Start(axis, o)))});";

    /// <summary>Writes the method <c>Row</c> and what it calls.</summary>
    public void Emit(SourceWriter writer)
    {
        writer.Blank().Line("/// <summary>One output row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Row(byte* x, byte* w, float bias, byte* y{StartParameters})"))
        using (writer.Open("unchecked"))
        {
            EmitEdges(writer, 0, _first);
            if (_tiles > 0) EmitTiles(writer);
            EmitEdges(writer, _end, _sliding.Out[_last]);
        }

        if (_tiles > 0) EmitTile(writer);
        if (Inside < _sliding.Out[_last]) EmitEdge(writer);
    }

    private void EmitEdges(SourceWriter writer, int first, int end)
    {
        if (first == end) return;
        using (writer.Open($"for (int pixel = {first}; pixel < {end}; pixel++)"))
            writer.Line($"Edge(x, w, bias, y + (pixel * 4){Starts}, {_sliding.Start(_last, "pixel")});");
    }

    private void EmitTiles(SourceWriter writer)
    {
        bool even = Inside % Tile == 0;
        if (_tiles > 1)
        {
            using (writer.Open($"for (int pixel = {_first}; pixel < {_first + ((even ? _tiles : _tiles - 1) * Tile)}; pixel += {Tile})"))
                writer.Line($"Tile(x + (({_sliding.Start(_last, "pixel")}) * 4), w, bias, y + (pixel * 4){Starts});");
            if (even) return;
            writer.Line("// The last tile computes some pixels a second time.");
        }

        int last = _end - Tile, start = (last * _sliding.Stride(_last)) - _sliding.PadBegin(_last);
        writer.Line($"Tile({At("x", start)}, w, bias, {At("y", last)}{Starts});");
    }

    private void EmitTile(SourceWriter writer)
    {
        writer.Blank().Line($"/// <summary>{Tile} neighbouring pixels whose windows stay inside the row.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Tile(byte* x, byte* w, float bias, byte* y{StartParameters})"))
        using (writer.Open("unchecked"))
        {
            int[] pixels = Enumerable.Range(0, _sums).Select(s => Math.Min(s * _width.Lanes, Tile - _width.Lanes)).ToArray();
            for (int s = 0; s < _sums; s++) writer.Line($"{_width.Type} sum{s} = {_width.Broadcast("bias")};");
            EmitChannels(writer, interior: true, (offset, tap) =>
            {
                writer.Line($"byte* source = x{offset};");
                writer.Line($"{_width.Type} weight = {_width.Broadcast(Weight(tap))};");
                for (int s = 0; s < _sums; s++)
                    writer.Line($"sum{s} = {_width.MultiplyAdd("weight", _width.Load(At("source", pixels[s] * _sliding.Stride(_last))), $"sum{s}")};");
            });
            writer.Blank();
            for (int s = 0; s < _sums; s++) writer.Line(_width.Store(At("y", pixels[s]), $"sum{s}"));
        }
    }

    private void EmitEdge(SourceWriter writer)
    {
        writer.Blank().Line("/// <summary>A pixel whose window leaves the row; taps outside the input are skipped.</summary>");
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
        _sliding.EmitRanges(writer, interior);
        using (writer.Loop("channel", _channels))
        {
            _sliding.EmitTaps(writer, interior, body);
            writer.Line($"x += {_sliding.PlaneBytes};");
            writer.Line($"w += {_sliding.Taps * sizeof(float)};");
        }
    }

    private static string At(string pointer, int element) => element == 0 ? pointer : $"{pointer} + {element * sizeof(float)}";

    private static string Weight(string tap) => Dialect.Float(tap.Length == 0 ? "w" : $"w + ({tap} * 4)");
}
