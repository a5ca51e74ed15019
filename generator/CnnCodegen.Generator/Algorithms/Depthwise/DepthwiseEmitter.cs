using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Depthwise;

/// <summary>Writes the loop nest of a <see cref="DepthwisePlan"/>: units, rows of tiles, tiles, taps.</summary>
internal sealed class DepthwiseEmitter(DepthwisePlan plan, SourceWriter writer)
{
    /// <summary>Kernel columns up to which the taps of a row are written out.</summary>
    private const int MaxUnrolledTaps = 8;

    private readonly Dialect _isa = new(plan.Isa);

    public void Emit()
    {
        plan.Planes.EmitRun(writer, "one channel block", "rows", EmitUnit);
        foreach ((int rows, _) in plan.Rows.Pieces) EmitRows(rows);
        if (plan.Signs) EmitWeights();
    }

    /// <summary>Calls the method of each tile height for its part of the band.</summary>
    private void EmitUnit()
    {
        (int Size, int Count)[] pieces = plan.Rows.Pieces.ToArray();
        PlaneUnits planes = plan.Planes;
        writer.Line($"byte* x = {planes.At("operands.Input", plan.Input)};");
        string block = planes.Blocks > 1 ? $" + (block * {plan.VectorBytes})" : "", weights = planes.Blocks > 1 ? $" + (block * {plan.StoredBytes}L)" : "";
        writer.Line($"byte* bias = operands.Weights{PlaneUnits.Plus(plan.BiasOffset)}{block};");
        writer.Line($"byte* w = {(plan.Signs ? "operands.Scratch" : $"operands.Weights + {plan.WeightOffset}{weights}")};");
        if (plan.Signs) writer.Line($"Weights(operands.Weights{block}, operands.Weights + {plan.WeightOffset}{weights}, w);");
        if (plan.Residual is not null) writer.Line($"byte* residual = {planes.At("operands.Second", plan.Residual)};");
        writer.Line($"byte* y = {planes.At("operands.Output", plan.Output)};");
        if (planes.Bands.Count == 1)
        {
            Call(pieces[0].Size, "", $"{pieces[0].Count}");
            if (pieces.Length > 1) Call(pieces[1].Size, $"{pieces[0].Count * pieces[0].Size}", $"{pieces[1].Count}");
            return;
        }

        writer.Line($"int first = {planes.First};");
        writer.Line($"int last = {planes.End};");
        if (pieces.Length == 1)
        {
            Call(pieces[0].Size, Times("first", pieces[0].Size), "last - first");
            return;
        }

        int large = pieces[0].Count;
        using (writer.Open($"if (first < {large})"))
            Call(pieces[0].Size, Times("first", pieces[0].Size), $"Math.Min(last, {large}) - first");
        using (writer.Open($"if (last > {large})"))
        {
            writer.Line($"int start = Math.Max(first, {large});");
            Call(pieces[1].Size, $"({Times("start", pieces[1].Size)} + {large})", "last - start");
        }

        static string Times(string tile, int size) => size == 1 ? tile : $"({tile} * {size})";
    }

    private void Call(int rows, string row, string tiles)
    {
        string at(string pointer, int bytes) => row.Length == 0 ? pointer : $"{pointer} + ({row} * {bytes})";
        string residual = plan.Residual is { } r ? at("residual", r.Row) + ", " : "";
        writer.Line($"Rows{rows}({at("x", plan.Input.Row)}, bias, w, {residual}{at("y", plan.Output.Row)}, {tiles});");
    }

    /// <summary>Where a lane's bit is 1 its weight is the magnitude, elsewhere the negative.</summary>
    private void EmitWeights()
    {
        int lanes = _isa.Lanes;
        string bits = lanes switch { 16 => "(int)*(ushort*)(signs + (2 * tap))", 8 => "(int)signs[tap]", _ => "signs[tap / 2] >> (tap % 2 * 4)" };
        writer.Blank().Line("/// <summary>The weights of a channel block, whose signs are bits.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Weights(byte* magnitudes, byte* signs, byte* w)"))
        {
            writer.Line($"{_isa.Type} plus = {_isa.Load("magnitudes")}, minus = -plus;");
            writer.Line($"{_isa.Class}<int> lanes = {_isa.Class}.Create({string.Join(", ", Enumerable.Range(0, lanes).Select(lane => 1 << lane))});");
            using (writer.Loop("tap", plan.Taps))
            {
                writer.Line($"{_isa.Class}<int> bits = {_isa.Class}.Create({bits}) & lanes;");
                writer.Line(_isa.Store("w", $"{_isa.Class}.ConditionalSelect({_isa.Class}.Equals(bits, lanes).AsSingle(), plus, minus)"));
                writer.Line($"w += {plan.VectorBytes};");
            }
        }
    }

    private void EmitRows(int rows)
    {
        writer.Blank();
        writer.Line($"/// <summary>{(rows == 1 ? "Rows" : "Pairs of rows")} of tiles, {(plan.Resident ? "all weights in registers" : "the weights of a tap loaded once for a tile")}.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void Rows{rows}(byte* x, byte* bias, byte* w, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y, int tiles)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"{_isa.Type} b = {_isa.Load("bias")};");
            if (plan.Resident)
            {
                for (int tap = 0; tap < plan.Taps; tap++) writer.Line($"{_isa.Type} w{tap} = {_isa.Load($"w + {tap * plan.VectorBytes}")};");
            }

            using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
            {
                writer.Line("byte* xt = x;").Line("byte* yt = y;");
                if (plan.Residual is not null) writer.Line("byte* rt = residual;");
                foreach ((int columns, int count) in plan.Columns.Pieces)
                {
                    using (writer.Repeat("column", count))
                    {
                        EmitTile(rows, columns);
                        writer.Line($"xt += {columns * plan.Input.Column};");
                        writer.Line($"yt += {columns * plan.Output.Column};");
                        if (plan.Residual is { } r) writer.Line($"rt += {columns * r.Column};");
                    }
                }

                writer.Blank();
                writer.Line($"x += {(long)rows * plan.Input.Row};");
                writer.Line($"y += {(long)rows * plan.Output.Row};");
                if (plan.Residual is { } residual) writer.Line($"residual += {(long)rows * residual.Row};");
            }
        }
    }

    private void EmitTile(int rows, int columns)
    {
        if (plan.Resident) EmitResident(rows, columns);
        else EmitStreamed(columns);

        if (plan.Residual is { } r)
        {
            foreach ((string acc, int offset) in Accumulators(rows, columns, r)) writer.Line($"{acc} += {_isa.Load($"rt + {offset}")};");
        }

        if (plan.Activation is { } activation)
        {
            foreach ((string acc, _) in Accumulators(rows, columns, plan.Output)) writer.Line($"{acc} = {_isa.Activate(activation, acc)};");
        }

        foreach ((string acc, int offset) in Accumulators(rows, columns, plan.Output)) writer.Line(_isa.Store($"yt + {offset}", acc));
    }

    /// <summary>Each pixel is loaded once and used for every tap of every output it belongs to.</summary>
    private void EmitResident(int rows, int columns)
    {
        List<(int Pixel, string Acc, int Tap)> uses = [];
        for (int i = 0; i < rows * columns * plan.Taps; i++)
        {
            (int output, int tap) = (i / plan.Taps, i % plan.Taps);
            (int row, int column, int kh, int kw) = (output / columns, output % columns, tap / plan.KernelW, tap % plan.KernelW);
            int pixel = (row * plan.Input.Row) + (kh * plan.TapRow) + (column * plan.Input.Column) + (kw * plan.TapColumn);
            uses.Add((pixel, $"a{row}_{column}", tap));
        }

        writer.Line($"{_isa.Type} v;");
        HashSet<string> started = [];
        foreach (IGrouping<int, (int Pixel, string Acc, int Tap)> pixel in uses.GroupBy(u => u.Pixel).OrderBy(g => g.Key))
        {
            writer.Line($"v = {_isa.Load($"xt + {pixel.Key}")};");
            foreach ((_, string acc, int tap) in pixel)
            {
                bool first = started.Add(acc);
                writer.Line($"{(first ? _isa.Type + " " : "")}{acc} = {_isa.MultiplyAdd("v", $"w{tap}", first ? "b" : acc)};");
            }
        }
    }

    /// <summary>One row of outputs; the loops over kernel rows, and over kernel columns where there are many.</summary>
    private void EmitStreamed(int columns)
    {
        for (int column = 0; column < columns; column++) writer.Line($"{_isa.Type} a0_{column} = b;");
        writer.Line("byte* xk = xt;").Line("byte* wk = w;");
        using (writer.Loop("kh", plan.KernelH))
        {
            if (plan.KernelW <= MaxUnrolledTaps)
            {
                for (int kw = 0; kw < plan.KernelW; kw++) EmitTap(columns, $"w{kw}", $"wk + {kw * plan.VectorBytes}", "xk", kw * plan.TapColumn);
                writer.Line($"wk += {plan.KernelW * plan.VectorBytes};");
            }
            else
            {
                writer.Line("byte* xc = xk;");
                using (writer.Loop("kw", plan.KernelW))
                {
                    EmitTap(columns, "wt", "wk", "xc", 0);
                    writer.Line($"xc += {plan.TapColumn};");
                    writer.Line($"wk += {plan.VectorBytes};");
                }
            }

            writer.Line($"xk += {plan.TapRow};");
        }
    }

    private void EmitTap(int columns, string weight, string address, string x, int offset)
    {
        writer.Line($"{_isa.Type} {weight} = {_isa.Load(address)};");
        for (int column = 0; column < columns; column++)
            writer.Line($"a0_{column} = {_isa.MultiplyAdd(weight, _isa.Load($"{x} + {offset + (column * plan.Input.Column)}"), $"a0_{column}")};");
    }

    private static IEnumerable<(string Name, int Offset)> Accumulators(int rows, int columns, PlaneStrides strides)
    {
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                yield return ($"a{row}_{column}", (row * strides.Row) + (column * strides.Column));
    }
}
