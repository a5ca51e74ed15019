using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>Writes the loops of an <see cref="ElementwisePlan"/>: units, rows, vectors, and the elements behind the last vector.</summary>
internal sealed class ElementwiseEmitter(ElementwisePlan plan, SourceWriter writer)
{
    private const int Unroll = 4;

    private readonly Dialect _isa = new(plan.Isa);

    private int VectorBytes => _isa.Lanes * 4;

    private bool BandsOfRows => plan.Rows > 1 && plan.Planes.Bands.Count > 1;

    private string Pointers => "byte* x, " + string.Concat(plan.Parameters.Select((_, i) => $"byte* p{i}, ")) + "byte* y";

    public void Emit()
    {
        plan.Planes.EmitRun(writer, plan.Plane, plan.Rows > 1 ? "rows" : "vectors", EmitUnit);
        if (plan.Vectors > 0)
        {
            writer.Blank();
            EmitMethod();
        }

        if (plan.Tail > 0)
        {
            writer.Blank();
            EmitTail();
        }
    }

    private void EmitUnit()
    {
        string[] names = ["x", .. plan.Parameters.Select((_, i) => $"p{i}"), "y"];
        PlaneStrides[] strides = [plan.Input, .. plan.Parameters.Select(p => p.Strides), plan.Output];
        string[] sources = ["operands.Input", .. plan.Parameters.Select(p => p.Packed ? "operands.Weights" : "operands.Second"), "operands.Output"];
        for (int i = 0; i < names.Length; i++) writer.Line($"byte* {names[i]} = {plan.Planes.At(sources[i], strides[i])};");

        bool cut = plan.CutsRow || BandsOfRows;
        if (cut) writer.Line($"int first = {plan.Planes.First};").Line($"int last = {plan.Planes.End};");
        if (plan.Vectors > 0)
        {
            string[] arguments = [.. names.Select((name, i) => name + Skip(plan.CutsRow ? strides[i].Column : BandsOfRows ? strides[i].Row : 0)), .. cut ? ["last - first"] : Array.Empty<string>()];
            writer.Line($"{Method}({string.Join(", ", arguments)});");
        }

        if (plan.Tail == 0) return;
        string tail = $"Tail({string.Join(", ", names.Select((name, i) => name + PlaneUnits.Plus(plan.Vectors * (long)strides[i].Column)))});";
        writer.Line(plan.CutsRow ? $"if (last == {plan.Vectors}) {tail}" : tail);

        static string Skip(int bytes) => bytes == 0 ? "" : $" + (first * {bytes}L)";
    }

    private string Method => plan.Rows > 1 ? "Rows" : "Row";

    private void EmitMethod()
    {
        string count = plan.CutsRow ? ", int vectors" : BandsOfRows ? ", int rows" : "";
        writer.Line($"/// <summary>{(plan.Rows > 1 ? $"Rows of {plan.Vectors} vectors" : "One row of vectors")}.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void {Method}({Pointers}{count})"))
        using (writer.Open("unchecked"))
        {
            for (int i = 0; i < plan.Parameters.Count; i++)
            {
                if (plan.Parameters[i].IsConstant) writer.Line($"{_isa.Type} c{i} = {Constant(i)};");
            }

            if (plan.Rows == 1)
            {
                EmitVectors();
                return;
            }

            using (writer.Open($"for (int row = 0; row < {(BandsOfRows ? "rows" : $"{plan.Rows}")}; row++)"))
            {
                EmitVectors();
                foreach ((string pointer, PlaneStrides strides) in Moving())
                {
                    // The vectors have moved the pointers to the end of the row.
                    int rest = strides.Row - (plan.Vectors * strides.Column);
                    if (rest > 0) writer.Line($"{pointer} += {rest};");
                }
            }
        }
    }

    private string Constant(int parameter) => Parameter(parameter, 0);

    /// <summary>A parameter of the vector so many columns on.</summary>
    private string Parameter(int parameter, int column)
    {
        ElementParameter p = plan.Parameters[parameter];
        string at = $"p{parameter} + {column * p.Strides.Column}";
        return p.Scalar ? _isa.Broadcast(Dialect.Float(at)) : _isa.Load(at);
    }

    /// <summary>The pointers that move along a row.</summary>
    private IEnumerable<(string Pointer, PlaneStrides Strides)> Moving()
    {
        yield return ("x", plan.Input);
        for (int i = 0; i < plan.Parameters.Count; i++)
        {
            if (!plan.Parameters[i].IsConstant) yield return ($"p{i}", plan.Parameters[i].Strides);
        }

        yield return ("y", plan.Output);
    }

    private void EmitVectors()
    {
        int unroll = plan.Function.IsShort && (plan.Activation is null || Dialect.IsShort(plan.Activation)) ? Unroll : 1;
        if (plan.CutsRow)
        {
            if (unroll > 1)
            {
                using (writer.Open($"for (; vectors >= {unroll}; vectors -= {unroll})")) EmitStep(unroll);
            }

            using (writer.Open("for (; vectors > 0; vectors--)")) EmitStep(1);
            return;
        }

        (int tiles, int rest) = (plan.Vectors / unroll, plan.Vectors % unroll);
        if (tiles > 0)
        {
            using (writer.Repeat("tile", tiles)) EmitStep(unroll);
        }

        if (rest > 0)
        {
            using (writer.Repeat("tile", 1)) EmitStep(rest);
        }
    }

    private void EmitStep(int vectors)
    {
        for (int i = 0; i < vectors; i++) writer.Line($"{_isa.Type} v{i} = {_isa.Load($"x + {i * VectorBytes}")};");
        for (int i = 0; i < vectors; i++) EmitFunction($"v{i}", parameter => Parameter(parameter, i));
        for (int i = 0; i < vectors; i++) writer.Line(_isa.Store($"y + {i * VectorBytes}", $"v{i}"));
        foreach ((string pointer, PlaneStrides strides) in Moving()) writer.Line($"{pointer} += {vectors * strides.Column};");
    }

    private void EmitFunction(string v, Func<int, string> load)
    {
        string parameter(int i) => i >= plan.Parameters.Count ? "" : plan.Parameters[i].IsConstant ? $"c{i}" : load(i);
        writer.Line($"{v} = {plan.Function.Text(_isa, v, parameter(0), parameter(1))};");
        if (plan.Activation is { } activation) writer.Line($"{v} = {_isa.Activate(activation, v)};");
    }

    private void EmitTail()
    {
        string elements = plan.Tail == 1 ? "element" : $"{plan.Tail} elements";
        writer.Line($"/// <summary>The {elements} behind the last vector.</summary>");
        using (writer.Open($"private static void Tail({Pointers})"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"{_isa.Type} v = Partial(x);");
            for (int i = 0; i < plan.Parameters.Count; i++)
                writer.Line($"{_isa.Type} c{i} = {(plan.Parameters[i].IsConstant ? Constant(i) : $"Partial(p{i})")};");
            writer.Line($"v = {plan.Function.Text(_isa, "v", "c0", "c1")};");
            if (plan.Activation is { } activation) writer.Line($"v = {_isa.Activate(activation, "v")};");
            writer.Line($"for (int i = 0; i < {plan.Tail}; i++) ((float*)y)[i] = v.GetElement(i);");
        }

        writer.Blank();
        writer.Line($"/// <summary>Reads {elements}; the other lanes are 0.</summary>");
        using (writer.Open($"private static {_isa.Type} Partial(byte* x)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"{_isa.Type} v = {_isa.Zero};");
            writer.Line($"for (int i = 0; i < {plan.Tail}; i++) v = v.WithElement(i, ((float*)x)[i]);");
            writer.Line("return v;");
        }
    }
}
