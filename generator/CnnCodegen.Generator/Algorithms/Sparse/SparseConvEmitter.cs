using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the outer loops of a <see cref="SparseConvPlan"/>: units, blocks of input channels, and the end of sums that wait in memory.</summary>
internal class SparseConvEmitter(SparseConvPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        EmitRun();
        if (!plan.ReadsInPlace) new PatchEmitter(plan, writer).Emit();
        EmitRows();
        if (!plan.FinishesInRegisters) new FinishEmitter(plan, writer).Emit();
    }

    /// <summary>Writes the methods that <see cref="EmitBlocks"/> calls.</summary>
    protected virtual void EmitRows() => new SparseRowEmitter(plan, writer).Emit();

    /// <summary>Writes the sums over all blocks of input channels, for a number of output channels, and what is done with them.</summary>
    protected virtual void EmitBlocks(string channels)
    {
        int last = plan.Blocks - 1;
        writer.Line($"int* ends = (int*)(operands.Weights + {plan.EndsOffset}{NestWriter.Term("group", plan.Groups, 4L * plan.Blocks * plan.OutChannels)}{(plan.Parts.Count > 1 ? " + (first * 4)" : "")});");
        if (last > 0)
        {
            using (writer.Loop("block", last))
            {
                EmitGather($"block * {plan.BlockChannels}", $"{plan.BlockChannels}");
                EmitRowsCall(channels, "", isFirst: "block == 0", isLast: "false");
                if (!plan.Forms.ReadsBlocks) writer.Line($"x += {plan.BlockChannels * (long)plan.Input.Block};");
                writer.Line($"ends += {plan.OutChannels};");
            }
        }

        if (!plan.ReadsInPlace) EmitGather($"{last * plan.BlockChannels}", $"{plan.LastChannels}");
        if (plan.FinishesInRegisters)
        {
            EmitRowsCall(channels, "", isFirst: "false", isLast: "true");
            return;
        }

        writer.Blank().Line("// Sums are finished some at a time, while they are in the first-level cache.");
        using (writer.Open($"for (int channel = 0; channel < {channels}; channel += {SparseConvPlan.FinishedChannels})"))
        {
            writer.Line($"int some = Math.Min({SparseConvPlan.FinishedChannels}, {channels} - channel);");
            EmitRowsCall("some", "channel", isFirst: "false", isLast: "true");
            EmitFinish("some", "channel");
        }
    }

    /// <summary>Writes the call that finishes the sums of some channels, from a channel of the unit on.</summary>
    protected void EmitFinish(string channels, string first)
    {
        string sums = plan.Waits ? From("sums", first, plan.SumBytes) : "sums";
        if (plan.OutChannels % plan.PartChannels != 0)
            writer.Line($"Unsafe.InitBlockUnaligned({sums} + ({channels} * {plan.SumBytes}), 0, (uint)(-{channels} & {plan.PartChannels - 1}) * {plan.SumBytes});");
        string residual = plan.Residual is { } r ? From("residual", first, r.Block) + ", " : "";
        writer.Line($"Finish({sums}, {residual}{From("y", first, plan.Output.Block)}, {channels});");
    }

    /// <summary>Writes the call that copies the patches of a block; planes begin at <c>x</c>, blocks are counted from the image's first channel.</summary>
    protected void EmitGather(string firstChannel, string channels)
    {
        string first = plan.Forms.ReadsBlocks ? (plan.Groups > 1 ? $"(group * {plan.InChannels}) + " : "") + (plan.Blocks > 1 ? $"({firstChannel})" : "0") + ", " : "";
        writer.Line($"Gather(x, operands.Scratch, {first}{channels});");
    }

    private void EmitRowsCall(string channels, string first, string isFirst, string isLast)
    {
        List<string> arguments = [plan.ReadsInPlace ? "x" : "operands.Scratch", $"operands.Weights + {plan.EntriesOffset}", From("ends", first, 1), channels, From("bias", first, 4)];
        if (plan.KeepsSums) arguments.Add(plan.Waits ? From("sums", first, plan.SumBytes) : "sums");
        if (plan.Blocks > 1) arguments.Add(isFirst);
        if (plan.FinishesInRegisters && plan.Residual is not null) arguments.Add("residual");
        if (plan.FinishesInRegisters) arguments.Add("y");
        if (plan.FinishesInRegisters && plan.Blocks > 1) arguments.Add(isLast);
        writer.Line($"Rows({string.Join(", ", arguments)});");
    }

    private static string From(string pointer, string first, long step) => first.Length == 0 ? pointer : step == 1 ? $"{pointer} + {first}" : $"{pointer} + ({first} * {step}L)";

    private void EmitRun()
    {
        Cut parts = plan.Parts;
        NestWriter.Run(writer, "one tile of pixels" + (parts.Count > 1 ? " of some output channels" : "") + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("group", plan.Groups), ("part", parts.Count), ("down", plan.TilesDown), ("across", plan.TilesAcross));
            EmitStart("row", "down", plan.TilesDown, plan.Pixels.Rows, plan.OutH);
            EmitStart("column", "across", plan.TilesAcross, plan.Pixels.Columns, plan.OutW);
            if (parts.Count > 1) EmitPart();
            string channels = parts.Count > 1 ? "channels" : $"{plan.OutChannels}";

            writer.Line($"byte* x = {At("operands.Input", plan.Input)}{(plan.Forms.ReadsBlocks ? "" : NestWriter.Term("group", plan.Groups, (long)plan.InChannels * plan.Input.Block))};");
            writer.Line($"byte* y = {At("operands.Output", plan.Output)}{Channel(plan.Output.Block)};");
            if (plan.Residual is { } residual) writer.Line($"byte* residual = {At("operands.Second", residual)}{Channel(residual.Block)};");
            writer.Line($"byte* bias = operands.Weights{Channel(4)};");
            if (plan.KeepsSums) writer.Line($"byte* sums = operands.Scratch + {plan.PatchBytes};");

            EmitBlocks(channels);
        });

        string Channel(int bytes) => NestWriter.Term("group", plan.Groups, (long)plan.OutChannels * bytes) + (plan.Parts.Count > 1 ? $" + (first * {bytes}L)" : "");
    }

    /// <summary>The output channels of a part, of which the last may lack some of a block.</summary>
    private void EmitPart()
    {
        Cut parts = plan.Parts;
        string size = parts.Large == parts.Count ? $"{parts.Size}" : $"part < {parts.Large} ? {parts.Size} : {parts.Size - 1}";
        if (plan.PartChannels == 1) writer.Line($"int first = {parts.Start("part")}, channels = {size};");
        else writer.Line($"int first = ({parts.Start("part")}) * {plan.PartChannels}, channels = Math.Min(({size}) * {plan.PartChannels}, {plan.OutChannels} - first);");
    }

    /// <summary>The tile's first row or column; the last tile overlaps the one before.</summary>
    private void EmitStart(string name, string tile, int tiles, int size, int extent)
    {
        if (tiles == 1) return;
        writer.Line($"int {name} = {(extent % size == 0 ? $"{tile} * {size}" : $"Math.Min({tile} * {size}, {extent - size})")};");
    }

    private string At(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin)
        + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "") + NestWriter.Term("row", plan.TilesDown, strides.Row) + NestWriter.Term("column", plan.TilesAcross, strides.Column);
}
