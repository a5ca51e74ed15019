using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// Linear resampling in every dimension whose pixels move. Where the two source pixels lie, and how they are mixed, comes from tables.
/// A unit is one output row, mixed from 2 input rows for each outer dimension that is resampled.
/// </summary>
internal sealed class ResizeEmitter : LayerEmitter
{
    private readonly (int Low, int High, float Fraction)[][] _sources;
    private readonly int[] _mixed;
    private readonly int _last;

    public ResizeEmitter(ReferencePlan plan, Resize resize)
        : base(plan)
    {
        _last = Y.Rank - 1;
        _sources = Enumerable.Range(0, Y.Rank)
            .Select(axis => Enumerable.Range(0, Y[axis]).Select(o => resize.Linear(axis, o, X[axis])).ToArray()).ToArray();
        _mixed = Enumerable.Range(0, Y.Rank).Where(axis => _sources[axis].Where((s, o) => s.Low != o || s.Fraction != 0).Any()).ToArray();
    }

    public override int Units => (int)(Y.Elements / Y[_last]);

    /// <summary>The resampled dimensions that choose rows.</summary>
    private int[] MixedRows => _mixed.Where(axis => axis != _last).ToArray();

    public override void Emit(SourceWriter writer)
    {
        int rows = 1 << MixedRows.Length;
        NestWriter.Run(writer, "one output row", () =>
        {
            NestWriter.Digits(writer, Enumerable.Range(0, _last).Select(axis => ($"o{axis}", Y[axis])).ToArray());
            for (int row = 0; row < rows; row++) writer.Line($"byte* x{row} = operands.Input{RowOffset(row)};");
            foreach (int axis in MixedRows) writer.Line($"float f{axis} = Fraction{axis}[{Index(axis)}];");
            writer.Line($"float* y = (float*)operands.Output + (unit * {Y[_last]});");
            using (writer.Loop("i", Y[_last]))
            {
                if (_mixed.Contains(_last))
                {
                    writer.Line($"int low = Low{_last}[i], high = High{_last}[i];");
                    writer.Line($"float f = Fraction{_last}[i];");
                }

                writer.Line($"y[i] = {Mix(0, rows, 0)};");
            }
        });

        writer.Blank().Line("/// <summary>From low at fraction 0 to high at 1.</summary>");
        writer.Line("private static float Mix(float low, float high, float fraction) => (low * (1 - fraction)) + (high * fraction);");
        foreach (int axis in _mixed) EmitTables(writer, axis);
    }

    private string Index(int axis) => NestWriter.Index($"o{axis}", Y[axis]);

    /// <summary>Bit j of <paramref name="row"/> chooses the lower or the higher source along the j-th mixed dimension, the outermost first.</summary>
    private string RowOffset(int row)
    {
        int[] strides = X.Strides();
        return string.Concat(Enumerable.Range(0, _last).Select(axis =>
        {
            int position = Array.IndexOf(MixedRows, axis);
            if (position < 0) return NestWriter.Term($"o{axis}", Y[axis], strides[axis] * sizeof(float));
            bool high = ((row >> (MixedRows.Length - 1 - position)) & 1) != 0;
            return $" + {(high ? "High" : "Low")}{axis}[{Index(axis)}]";
        }));
    }

    /// <summary>The mix of the rows [first, first + count), from the dimension number <paramref name="depth"/> inwards.</summary>
    private string Mix(int first, int count, int depth)
    {
        if (count > 1) return $"Mix({Mix(first, count / 2, depth + 1)}, {Mix(first + (count / 2), count / 2, depth + 1)}, f{MixedRows[depth]})";
        return _mixed.Contains(_last)
            ? $"Mix({Dialect.Float($"x{first} + low")}, {Dialect.Float($"x{first} + high")}, f)"
            : Dialect.Float($"x{first} + (i * 4)");
    }

    private void EmitTables(SourceWriter writer, int axis)
    {
        int stride = X.Strides()[axis] * sizeof(float);
        writer.Blank().Line($"/// <summary>Byte offsets of the two sources along dimension {axis}, and the weight of the second.</summary>");
        NestWriter.Table(writer, "int", $"Low{axis}", _sources[axis].Select(s => $"{s.Low * stride}").ToArray());
        writer.Blank();
        NestWriter.Table(writer, "int", $"High{axis}", _sources[axis].Select(s => $"{s.High * stride}").ToArray());
        writer.Blank();
        NestWriter.Table(writer, "float", $"Fraction{axis}", _sources[axis].Select(s => Literals.Float(s.Fraction)).ToArray());
    }
}
