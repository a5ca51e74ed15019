using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the loop nest of a <see cref="DirectPlan"/>: units, passes over the input channels, tiles, taps, channels.</summary>
internal sealed class DirectEmitter(DirectPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    private bool ManyPasses => plan.Passes > 1;

    /// <summary>The last block of input channels has fewer channels than the others.</summary>
    private int TailChannels => plan.InChannels % plan.ChannelBlock;

    /// <summary>Weights are used once for each tile of pixels; with a single tile there is nothing to come back for.</summary>
    private bool Prefetches => plan.Register.Rows.Size * plan.Register.Columns.Size > 1
        && plan.Passes * plan.VectorGroups > 1 && _isa.Prefetch("") is not null;

    public void Emit()
    {
        EmitRun();
        writer.Blank();
        EmitBand();
        foreach ((int rows, _) in plan.Register.Rows.Pieces)
        {
            foreach ((int columns, _) in plan.Register.Columns.Pieces)
            {
                writer.Blank();
                EmitTile(rows, columns);
            }
        }

        if (plan.PartialStore)
        {
            writer.Blank();
            EmitPartialStore();
            if (plan.Residual is not null)
            {
                writer.Blank();
                EmitPartialLoad();
            }
        }
    }

    private void EmitRun()
    {
        string unit = "one tile of output channels" + (plan.Images > 1 ? ", one image" : "") + (plan.Bands.Count > 1 ? ", one band of rows" : "");
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            int bands = plan.Bands.Count, groups = plan.Groups * plan.VectorGroups;
            string channels = Index("unit", bands, plan.Images > 1 ? groups : 0), image = $"unit / {bands * groups}";
            writer.Line($"int channels = {channels};");
            if (plan.Images > 1) writer.Line($"int image = {image};");
            if (plan.Groups > 1) writer.Line($"int group = channels / {plan.VectorGroups};");
            if (bands > 1) writer.Line($"int band = unit % {bands};");

            int tileOut = plan.Register.Blocks * plan.Output.Block;
            string at(string pointer, int origin, int imageBytes, int channelBytes) =>
                pointer + Plus(origin) + (plan.Images > 1 ? $" + (image * {imageBytes}L)" : "") + (channelBytes > 0 ? $" + (channels * {channelBytes}L)" : "");
            string groupBytes = plan.Groups > 1 ? $" + (group * {plan.ChannelBlocks * (long)plan.Input.Block}L)" : "";
            writer.Line("Band(");
            using (writer.Indent())
            {
                writer.Line(at("operands.Input", plan.Input.Origin, plan.Input.Image, 0) + groupBytes + ",");
                writer.Line($"operands.Weights + (channels * {plan.TapWeightBytes}),");
                writer.Line($"operands.Weights + {plan.BiasBytes} + (channels * {plan.GroupWeightBytes}L),");
                if (plan.Residual is { } r) writer.Line(at("operands.Second", r.Origin, r.Image, plan.Register.Blocks * r.Block) + ",");
                writer.Line(at("operands.Output", plan.Output.Origin, plan.Output.Image, tileOut) + (TakesBandArguments ? "," : ");"));
                if (plan.PartialStore) writer.Line($"{plan.OutChannels} - (channels * {plan.Register.Blocks * plan.Lanes}){(bands > 1 ? "," : ");")}");
                if (bands > 1)
                {
                    string first(string band) => plan.Bands.Large == bands ? $"{band} * {plan.Bands.Size}" : $"({band} * {plan.Bands.Size}) - Math.Max(0, {band} - {plan.Bands.Large})";
                    writer.Line(first("band") + ",");
                    writer.Line(first("(band + 1)") + ");");
                }
            }
        }
    }

    private bool TakesBandArguments => plan.PartialStore || plan.Bands.Count > 1;

    private void EmitBand()
    {
        int tiles = plan.Register.Rows.Count;
        string parameters = "byte* x, byte* bias, byte* w, " + (plan.Residual is null ? "" : "byte* residual, ") + "byte* y"
            + (plan.PartialStore ? ", int channels" : "") + (plan.Bands.Count > 1 ? ", int first, int end" : "");
        writer.Line($"/// <summary>One tile of output channels over {(plan.Bands.Count > 1 ? "the tile rows [first, end)" : "the whole plane")}{(ManyPasses ? $", in {plan.Passes} passes over the input channels; partial sums wait in the output" : "")}.</summary>");
        using (writer.Open($"private static void Band({parameters})"))
        using (writer.Open("unchecked"))
        {
            if (!ManyPasses)
            {
                EmitRows(tiles);
                return;
            }

            using (writer.Loop("pass", plan.Passes))
            {
                int last = plan.ChannelBlocks - ((plan.Passes - 1) * plan.BlocksPerPass);
                if (last != plan.BlocksPerPass) writer.Line($"int blocks = pass == {plan.Passes - 1} ? {last} : {plan.BlocksPerPass};");
                EmitRows(tiles);
                writer.Line($"x += {plan.BlocksPerPass * (long)plan.Input.Block};");
                writer.Line($"w += {plan.PassWeightBytes};");
            }
        }
    }

    /// <summary>All tile rows of the band, for one pass.</summary>
    private void EmitRows(int tiles)
    {
        if (Prefetches) writer.Line($"byte* next = w + {plan.PassWeightBytes};");
        if (tiles == 1)
        {
            EmitRow(plan.Register.Rows.Size, "x", "y", "residual");
            return;
        }

        (string first, string end) = plan.Bands.Count > 1 ? ("first", "end") : ("0", $"{tiles}");
        using (writer.Open($"for (int tile = {first}; tile < {end}; tile++)"))
        {
            (int Size, int Count)[] pieces = plan.Register.Rows.Pieces.ToArray();
            if (pieces.Length == 1)
            {
                int size = pieces[0].Size;
                EmitRow(size, Row("tile", "x", size * plan.Input.Row), Row("tile", "y", size * plan.Output.Row), Row("tile", "residual", size * (plan.Residual?.Row ?? 0)));
                return;
            }

            writer.Line($"int row = (tile * {pieces[0].Size}) - Math.Max(0, tile - {pieces[0].Count});");
            for (int i = 0; i < 2; i++)
            {
                using (writer.Open(i == 0 ? $"if (tile < {pieces[0].Count})" : "else"))
                    EmitRow(pieces[i].Size, Row("row", "x", plan.Input.Row), Row("row", "y", plan.Output.Row), Row("row", "residual", plan.Residual?.Row ?? 0));
            }
        }

        static string Row(string index, string pointer, int bytes) => $"{pointer} + ({index} * {bytes})";
    }

    /// <summary>The calls for one row of tiles.</summary>
    private void EmitRow(int rows, string x, string y, string residual)
    {
        int column = 0;
        foreach ((int columns, int count) in plan.Register.Columns.Pieces)
        {
            List<string> arguments = [x + Plus(column * plan.Input.Column), "w"];
            if (Prefetches) arguments.Add("ref next");
            arguments.Add("bias");
            if (plan.Residual is { } r) arguments.Add(residual + Plus(column * r.Column));
            arguments.Add(y + Plus(column * plan.Output.Column));
            if (count > 1) arguments.Add($"{count}");
            if (plan.PartialStore) arguments.Add("channels");
            if (BlocksVary) arguments.Add("blocks");
            if (ManyPasses) arguments.Add("pass");
            writer.Line($"Tile{rows}x{columns}({string.Join(", ", arguments)});");
            column += columns * count;
        }
    }

    private bool BlocksVary => ManyPasses && plan.ChannelBlocks % plan.BlocksPerPass != 0;

    private void EmitTile(int rows, int columns)
    {
        int count = plan.Register.Columns.Pieces.First(p => p.Size == columns).Count;
        List<string> parameters = ["byte* x", "byte* w"];
        if (Prefetches) parameters.Add("ref byte* next");
        parameters.Add("byte* bias");
        if (plan.Residual is not null) parameters.Add("byte* residual");
        parameters.Add("byte* y");
        if (count > 1) parameters.Add("int tiles");
        if (plan.PartialStore) parameters.Add("int channels");
        if (BlocksVary) parameters.Add("int blocks");
        if (ManyPasses) parameters.Add("int pass");

        writer.Line($"/// <summary>{(count > 1 ? "Tiles" : "A tile")} of {rows} x {columns} pixels by {plan.Register.Blocks} {(plan.Register.Blocks == 1 ? "vector" : "vectors")} of output channels.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void Tile{rows}x{columns}({string.Join(", ", parameters)})"))
        using (writer.Open("unchecked"))
        {
            if (count == 1)
            {
                EmitTileBody(rows, columns);
                return;
            }

            using (writer.Open("for (int tile = 0; tile < tiles; tile++)"))
            {
                EmitTileBody(rows, columns);
                writer.Line($"x += {columns * plan.Input.Column};");
                writer.Line($"y += {columns * plan.Output.Column};");
                if (plan.Residual is { } r) writer.Line($"residual += {columns * r.Column};");
            }
        }
    }

    private void EmitTileBody(int rows, int columns)
    {
        EmitPrefetch();
        EmitStart(rows, columns);
        EmitReduction(rows, columns);
        EmitEpilogue(rows, columns);
    }

    private void EmitPrefetch()
    {
        if (!Prefetches) return;
        int tilesPerPass = plan.Bands.Size * plan.Register.Columns.Count;
        int lines = ((plan.PassWeightBytes / 64) + tilesPerPass - 1) / tilesPerPass;
        writer.Line("// The weights of the next pass.");
        if (lines <= 4)
        {
            for (int i = 0; i < lines; i++) writer.Line(_isa.Prefetch($"next + {i * 64}")!);
        }
        else
        {
            writer.Line($"for (int line = 0; line < {lines}; line++) {_isa.Prefetch("next + (line * 64)")}");
        }

        writer.Line($"next += {lines * 64};").Blank();
    }

    private void EmitStart(int rows, int columns)
    {
        foreach ((string acc, _, int vector) in Accumulators(rows, columns, 0, 0, 0))
            writer.Line($"{_isa.Type} {acc} = {_isa.Load($"bias + {vector * _isa.Lanes * 4}")};");
        if (!ManyPasses) return;
        using (writer.Open("if (pass > 0)"))
        {
            foreach ((string acc, int offset, _) in Accumulators(rows, columns, plan.Output.Row, plan.Output.Column, plan.Output.Block))
                writer.Line($"{acc} = {_isa.Load($"y + {offset}")};");
        }

        writer.Blank();
    }

    /// <summary>The loops over blocks of input channels, taps and channels; a loop of one iteration is left out.</summary>
    private void EmitReduction(int rows, int columns)
    {
        bool blockLoop = plan.BlocksPerPass > 1 || BlocksVary;
        int blockChannels = TailChannels == 0 || plan.ChannelBlocks > 1 ? plan.ChannelBlock : TailChannels;
        int steps = blockChannels / plan.Unroll;
        bool tail = TailChannels != 0 && plan.ChannelBlocks > 1;

        List<IDisposable> open = [];
        string x = "x", w = "w";
        if (blockLoop)
        {
            Declare("xBlock", x);
            Declare("wBlock", w);
            string limit = BlocksVary ? "blocks" : $"{plan.BlocksPerPass}";
            open.Add(writer.Open($"for (int block = 0; block < {limit}; block++)"));
            (x, w) = ("xBlock", "wBlock");
        }

        string stepCount = $"{steps}";
        if (tail)
        {
            string lastBlock = (ManyPasses ? $"pass == {plan.Passes - 1}" : "")
                + (blockLoop ? (ManyPasses ? " && " : "") + $"block == {(BlocksVary ? "blocks - 1" : $"{plan.BlocksPerPass - 1}")}" : "");
            writer.Line($"int steps = {lastBlock} ? {TailChannels / plan.Unroll} : {steps}; // the last block has {TailChannels} channels");
            stepCount = "steps";
        }

        int tapWeights = plan.ChannelBlock * plan.TapWeightBytes;
        bool stepLoop = steps > 1 || tail;
        if (plan.KernelH > 1)
        {
            Declare("xRow", x);
            Declare("wTap", w);
            open.Add(writer.Loop("kh", plan.KernelH));
            (x, w) = ("xRow", "wTap");
        }

        if (plan.KernelW > 1)
        {
            Declare("xTap", x);
            if (w != "wTap")
            {
                Declare("wTap", w);
                w = "wTap";
            }

            open.Add(writer.Loop("kw", plan.KernelW));
            x = "xTap";
        }

        if (stepLoop)
        {
            Declare("xs", x);
            Declare("ws", w);
            using (writer.Open($"for (int step = 0; step < {stepCount}; step++)"))
            {
                EmitMultiplyAdds(rows, columns, "xs", "ws");
                writer.Line($"xs += {plan.Unroll * plan.InChannel};");
                writer.Line($"ws += {plan.Unroll * plan.TapWeightBytes};");
            }
        }
        else
        {
            EmitMultiplyAdds(rows, columns, x, w);
        }

        // Close the loops inside out, stepping each one's pointers.
        if (plan.KernelW > 1) Close($"xTap += {plan.TapColumn};", $"wTap += {tapWeights};");
        if (plan.KernelH > 1) Close($"xRow += {plan.TapRow};", plan.KernelW > 1 ? null : $"wTap += {tapWeights};");
        if (blockLoop) Close($"xBlock += {plan.Input.Block};", $"wBlock += {plan.BlockWeightBytes};");

        void Declare(string name, string value) => writer.Line($"byte* {name} = {value};");

        void Close(string first, string? second)
        {
            writer.Line(first);
            if (second is not null) writer.Line(second);
            open[open.Count - 1].Dispose();
            open.RemoveAt(open.Count - 1);
        }
    }

    /// <summary>The multiply-adds of <see cref="DirectPlan.Unroll"/> input channels.</summary>
    private void EmitMultiplyAdds(int rows, int columns, string x, string w)
    {
        int vectors = plan.Register.Blocks, pixels = rows * columns, vectorBytes = _isa.Lanes * 4;
        for (int channel = 0; channel < plan.Unroll; channel++)
        {
            int weights = channel * plan.TapWeightBytes;
            string weight(int vector) => pixels == 1 ? _isa.Load($"{w} + {weights + (vector * vectorBytes)}") : $"w{channel}_{vector}";
            if (pixels > 1)
            {
                for (int vector = 0; vector < vectors; vector++)
                    writer.Line($"{_isa.Type} w{channel}_{vector} = {_isa.Load($"{w} + {weights + (vector * vectorBytes)}")};");
            }

            for (int pixel = 0; pixel < pixels; pixel++)
            {
                int offset = (pixel / columns * plan.Input.Row) + (pixel % columns * plan.Input.Column) + (channel * plan.InChannel);
                string scalar = _isa.Broadcast(Dialect.Float($"{x} + {offset}"));
                if (vectors > 1)
                {
                    writer.Line($"{_isa.Type} x{channel}_{pixel} = {scalar};");
                    scalar = $"x{channel}_{pixel}";
                }

                for (int vector = 0; vector < vectors; vector++)
                    writer.Line($"a{pixel}_{vector} = {_isa.MultiplyAdd(scalar, weight(vector), $"a{pixel}_{vector}")};");
            }
        }
    }

    private void EmitEpilogue(int rows, int columns)
    {
        if (plan.Residual is not null || plan.Activation is not null)
        {
            if (ManyPasses)
            {
                using (writer.Blank().Open($"if (pass == {plan.Passes - 1})")) EmitFinish(rows, columns);
            }
            else
            {
                writer.Blank();
                EmitFinish(rows, columns);
            }
        }

        writer.Blank();
        foreach ((string acc, int offset, int vector) in Accumulators(rows, columns, plan.Output.Row, plan.Output.Column, plan.Output.Block))
        {
            writer.Line(plan.PartialStore
                ? $"Store(y{Plus(offset)}, {acc}, channels{(vector == 0 ? "" : $" - {vector * _isa.Lanes}")});"
                : _isa.Store($"y + {offset}", acc));
        }
    }

    private void EmitFinish(int rows, int columns)
    {
        if (plan.Residual is { } r)
        {
            foreach ((string acc, int offset, int vector) in Accumulators(rows, columns, r.Row, r.Column, r.Block))
                writer.Line($"{acc} += {(plan.PartialStore ? $"Load(residual + {offset}, channels - {vector * _isa.Lanes})" : _isa.Load($"residual + {offset}"))};");
        }

        if (plan.Activation is { } activation)
        {
            foreach ((string acc, _, _) in Accumulators(rows, columns, 0, 0, 0))
                writer.Line($"{acc} = {_isa.Activate(activation, acc)};");
        }
    }

    private void EmitPartialStore()
    {
        writer.Line($"/// <summary>Stores the first <paramref name=\"count\"/> of {_isa.Lanes} lanes.</summary>");
        using (writer.Open($"private static void Store(byte* y, {_isa.Type} value, int count)"))
        {
            using (writer.Open($"if (count >= {_isa.Lanes})"))
            {
                writer.Line(_isa.Store("y", "value")).Line("return;");
            }

            writer.Line("for (int lane = 0; lane < count; lane++) ((float*)y)[lane] = value.GetElement(lane);");
        }
    }

    private void EmitPartialLoad()
    {
        writer.Line($"/// <summary>Loads the first <paramref name=\"count\"/> of {_isa.Lanes} lanes; the others are 0.</summary>");
        using (writer.Open($"private static {_isa.Type} Load(byte* x, int count)"))
        {
            writer.Line($"if (count >= {_isa.Lanes}) return {_isa.Load("x")};");
            writer.Line($"{_isa.Type} value = {_isa.Zero};");
            writer.Line("for (int lane = 0; lane < count; lane++) value = value.WithElement(lane, ((float*)x)[lane]);");
            writer.Line("return value;");
        }
    }

    /// <summary>The accumulators of a tile with their byte offsets in a tensor of the given distances.</summary>
    private IEnumerable<(string Name, int Offset, int Vector)> Accumulators(int rows, int columns, int rowBytes, int columnBytes, int vectorBytes)
    {
        for (int pixel = 0; pixel < rows * columns; pixel++)
            for (int vector = 0; vector < plan.Register.Blocks; vector++)
                yield return ($"a{pixel}_{vector}", (pixel / columns * rowBytes) + (pixel % columns * columnBytes) + (vector * vectorBytes), vector);
    }

    private static string Plus(int bytes) => bytes == 0 ? "" : $" + {bytes}";

    /// <summary>A digit of a mixed-radix number; radix 0: the rest.</summary>
    private static string Index(string number, int below, int radix)
    {
        string quotient = below > 1 ? $"{number} / {below}" : number;
        return radix > 1 ? $"{quotient} % {radix}" : radix == 1 ? "0" : quotient;
    }
}
