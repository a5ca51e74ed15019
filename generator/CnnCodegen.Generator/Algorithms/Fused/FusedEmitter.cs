using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fused;

/// <summary>Writes the loop over the slabs of a <see cref="FusedPlan"/>; the kernels that it calls have files of their own.</summary>
internal sealed class FusedEmitter(FusedPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        int bands = plan.Bands.Count, slabs = plan.Slabs, images = plan.First.Images;
        string unit = "the channel blocks of one slab" + (images > 1 ? " of one image" : "") + (bands > 1 ? ", one band of rows" : "");
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
        {
            writer.Line($"int slab = {(slabs == 1 ? "0" : $"unit % {slabs}")};");
            if (bands > 1) writer.Line($"int band = {PlaneUnits.Over("unit", slabs)}{(images > 1 ? $" % {bands}" : "")};");
            if (images > 1) writer.Line($"int tile = (unit / {bands * slabs} * {slabs}) + slab;");
            writer.Blank();
            if (bands > 1) EmitBand();
            else EmitPlane();
        }
    }

    /// <summary>All rows of a slab at once.</summary>
    private void EmitPlane()
    {
        writer.Line($"byte* value = operands.Scratch - (slab * {Slab}L);");
        EmitClear($"{plan.Height}", $"{plan.Border.Top}", $"{plan.Border.Bottom}");
        EmitFirst(Tile, $"{Tile} + 1");
        EmitSecond("block");
    }

    /// <summary>The rows that one band of results needs. Row 0 of a slab is the first one in the border.</summary>
    private void EmitBand()
    {
        string band = plan.Bands.Size == 1 ? "band" : $"({plan.Bands.Start("band")})", start = plan.Second.Rows.Size == 1 ? band : $"({plan.Second.Rows.Start(band)})";
        writer.Line("// The rows of the value that the band reads; those in the border are zeros.");
        writer.Line($"int first = {start}{(plan.Stride == 1 ? "" : $" * {plan.Stride}")};");
        writer.Line($"int above = Math.Max(0, {plan.Border.Top} - first);");
        writer.Line($"int rows = Math.Min({plan.SlabRows}, {plan.Height + plan.Border.Top} - first) - above;");
        writer.Line($"byte* value = operands.Scratch - (slab * {Slab}L) - (first * {plan.RowBytes}L);");
        EmitClear("rows", "above", $"{plan.SlabRows} - above - rows");
        writer.Line($"int row = ({Tile} * {plan.Height}) + first + above - {plan.Border.Top};");
        EmitFirst("row", "row + rows");
        EmitSecond($"(block * {plan.Bands.Count}) + band");
    }

    private void EmitClear(string rows, string top, string bottom)
    {
        if (plan.Border.IsEmpty) return;
        writer.Line($"Border.Clear(operands.Scratch, planes: {plan.SlabBlocks}, rows: {rows}, rowBytes: {plan.RowBytes}, top: {top}, bottom: {bottom}, "
            + $"leftBytes: {plan.Border.Left * plan.PixelBytes}, rightBytes: {plan.Border.Right * plan.PixelBytes});");
    }

    private void EmitFirst(string begin, string end) =>
        writer.Line($"{plan.First.ClassName}.Run(new Operands(operands.Input, null, operands.Weights, value), {begin}, {end});");

    private void EmitSecond(string unit)
    {
        string residual = plan.Second.Residual is null ? "null" : "operands.Second";
        writer.Line($"Operands results = new(value, {residual}, operands.Weights + {Alignment.Up(plan.First.WeightBytes)}, operands.Output{(plan.Second.ScratchBytes > 0 ? $", operands.Scratch + {Alignment.Up(Slab)}" : "")});");
        using (writer.Open($"for (int block = {Tile} * {plan.SlabBlocks}; block < ({Tile} + 1) * {plan.SlabBlocks}; block++)"))
        {
            if (unit != "block") writer.Line($"int plane = {unit};");
            string index = unit == "block" ? unit : "plane";
            writer.Line($"{plan.Second.ClassName}.Run(in results, {index}, {index} + 1);");
        }
    }

    /// <summary>The slab's number among those of all images.</summary>
    private string Tile => plan.First.Images > 1 ? "tile" : "slab";

    /// <summary>Bytes of a slab.</summary>
    private long Slab => (long)plan.BlockBytes * plan.SlabBlocks;
}
