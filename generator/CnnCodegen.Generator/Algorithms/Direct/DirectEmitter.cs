using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the outer loops of a <see cref="DirectPlan"/>: units, passes over the input channels, rows of tiles.</summary>
internal sealed class DirectEmitter(DirectPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        DirectTileEmitter tile = new(plan, writer);
        EmitRun();
        writer.Blank();
        EmitBand();
        foreach ((int rows, _) in plan.Register.Rows.Pieces)
        {
            foreach ((int columns, _) in plan.Register.Columns.Pieces)
            {
                writer.Blank();
                tile.Emit(rows, columns);
            }
        }

        tile.EmitPartialAccess();
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
                pointer + PlaneUnits.Plus(origin) + (plan.Images > 1 ? $" + (image * {imageBytes}L)" : "") + (channelBytes > 0 ? $" + (channels * {channelBytes}L)" : "");
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
        writer.Line($"/// <summary>One tile of output channels over {(plan.Bands.Count > 1 ? "the tile rows [first, end)" : "the whole plane")}{(plan.ManyPasses ? $", in {plan.Passes} passes over the input channels; partial sums wait in the output" : "")}.</summary>");
        using (writer.Open($"private static void Band({parameters})"))
        using (writer.Open("unchecked"))
        {
            if (!plan.ManyPasses)
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
        if (plan.Prefetches) writer.Line($"byte* next = w + {plan.PassWeightBytes};");
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
            List<string> arguments = [x + PlaneUnits.Plus(column * plan.Input.Column), "w"];
            if (plan.Prefetches) arguments.Add("ref next");
            arguments.Add("bias");
            if (plan.Residual is { } r) arguments.Add(residual + PlaneUnits.Plus(column * r.Column));
            arguments.Add(y + PlaneUnits.Plus(column * plan.Output.Column));
            if (count > 1) arguments.Add($"{count}");
            if (plan.PartialStore) arguments.Add("channels");
            if (plan.BlocksVary) arguments.Add("blocks");
            if (plan.ManyPasses) arguments.Add("pass");
            writer.Line($"Tile{rows}x{columns}({string.Join(", ", arguments)});");
            column += columns * count;
        }
    }

    /// <summary>A digit of a mixed-radix number; radix 0: the rest.</summary>
    private static string Index(string number, int below, int radix)
    {
        string quotient = below > 1 ? $"{number} / {below}" : number;
        return radix > 1 ? $"{quotient} % {radix}" : radix == 1 ? "0" : quotient;
    }
}
