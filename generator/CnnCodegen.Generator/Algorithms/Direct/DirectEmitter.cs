using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Writes the outer loops of a <see cref="DirectPlan"/>: units, passes over the input channels, rows of tiles.</summary>
internal sealed class DirectEmitter(DirectPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        EmitRun();
        writer.Blank();
        EmitMethods();
    }

    /// <summary>What computes a band: the loop over the passes, and the tiles.</summary>
    public void EmitMethods()
    {
        DirectTileEmitter tiles = new(plan, writer);
        EmitBand();
        bool partOfRow = plan.Bands.Count > 1 && plan.Register.Rows.Count == 1 && !plan.Register.Wraps;
        foreach ((PixelTile tile, int count) in plan.Register.Shapes)
        {
            writer.Blank();
            tiles.Emit(tile, repeats: count > 1 || partOfRow);
        }

        tiles.EmitPartialAccess();
    }

    private void EmitRun()
    {
        string unit = "one tile of output channels" + (plan.Images > 1 ? ", one image" : "") + (plan.Bands.Count > 1 ? ", one band of the plane" : "");
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            int bands = plan.Bands.Count, groups = plan.Groups * plan.VectorGroups;
            string channels = plan.BandsOutside ? Index("unit", 1, bands * plan.Images > 1 ? groups : 0) : Index("unit", bands, plan.Images > 1 ? groups : 0);
            string image = $"unit / {bands * groups}";
            writer.Line($"int channels = {channels};");
            if (plan.Images > 1) writer.Line($"int image = {image};");
            if (plan.Groups > 1) writer.Line($"int group = channels / {plan.VectorGroups};");
            if (bands > 1) writer.Line($"int band = {(plan.BandsOutside ? Index("unit", groups, plan.Images > 1 ? bands : 0) : $"unit % {bands}")};");

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

    private string Passes => !plan.ManyPasses ? ""
        : plan.ProductPasses == 1 ? ", added to the output" : $", in {plan.ProductPasses} passes over the input channels; partial sums wait in the output";

    private bool TakesBandArguments => plan.PartialStore || plan.Bands.Count > 1;

    private void EmitBand()
    {
        DirectBandEmitter band = new(plan, writer);
        string parameters = "byte* x, " + (plan.IsChained ? "nint distance, " : "") + "byte* bias, byte* w, " + (plan.Residual is null ? "" : "byte* residual, ") + "byte* y"
            + (plan.IsChained ? ", int pass" : "") + (plan.PartialStore ? ", int channels" : "") + (plan.Bands.Count > 1 ? ", int first, int end" : "");
        writer.Line($"/// <summary>One tile of output channels over {(plan.Bands.Count > 1 ? "the tiles [first, end)" : "the whole plane")}{Passes}.</summary>");
        using (writer.Open($"private static void Band({parameters})"))
        using (writer.Open("unchecked"))
        {
            if (!plan.ManyPasses)
            {
                band.Emit();
                return;
            }

            if (plan.IsChained) writer.Line($"int last = pass + {plan.ProductPasses};");
            using (plan.IsChained ? writer.Open("for (; pass < last; pass++)") : writer.Loop("pass", plan.Passes))
            {
                int last = plan.ChannelBlocks - ((plan.ProductPasses - 1) * plan.BlocksPerPass);
                if (last != plan.BlocksPerPass) writer.Line($"int blocks = pass == {(plan.IsChained ? "last - 1" : $"{plan.Passes - 1}")} ? {last} : {plan.BlocksPerPass};");
                band.Emit();
                writer.Line(plan.IsChained ? $"x += {plan.BlocksPerPass} * distance;" : $"x += {plan.BlocksPerPass * (long)plan.Input.Block};");
                writer.Line($"w += {plan.PassWeightBytes};");
            }
        }
    }

    /// <summary>A digit of a mixed-radix number; radix 0: the rest.</summary>
    private static string Index(string number, int below, int radix)
    {
        string quotient = below > 1 ? $"{number} / {below}" : number;
        return radix > 1 ? $"{quotient} % {radix}" : radix == 1 ? "0" : quotient;
    }
}
