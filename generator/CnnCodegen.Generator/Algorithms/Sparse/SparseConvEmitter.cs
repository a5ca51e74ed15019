using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Writes the outer loops of a <see cref="SparseConvPlan"/>: units, blocks of input channels, and the end of sums that wait in memory.</summary>
internal class SparseConvEmitter(SparseConvPlan plan, SourceWriter writer)
{
    public void Emit()
    {
        EmitRun();
        new PatchEmitter(plan, writer).Emit();
        EmitRows();
        if (!plan.FinishesInRegisters) EmitFinish();
    }

    /// <summary>Writes the methods that <see cref="EmitBlocks"/> calls.</summary>
    protected virtual void EmitRows() => new SparseRowEmitter(plan, writer).Emit();

    /// <summary>Writes the sums over all blocks of input channels, for a number of output channels.</summary>
    protected virtual void EmitBlocks(string channels)
    {
        bool many = plan.Blocks > 1;
        writer.Line($"int* ends = (int*)(operands.Weights + {plan.EndsOffset}{NestWriter.Term("group", plan.Groups, 4L * plan.Blocks * plan.OutChannels)}{(plan.Parts.Count > 1 ? " + (first * 4)" : "")});");
        using (many ? writer.Loop("block", plan.Blocks) : (IDisposable?)null)
        {
            writer.Line($"Gather(x, operands.Scratch, {(plan.LastChannels == plan.BlockChannels ? $"{plan.LastChannels}" : $"block < {plan.Blocks - 1} ? {plan.BlockChannels} : {plan.LastChannels}")});");
            string finish = plan.FinishesInRegisters ? ", " + (plan.Residual is null ? "" : "residual, ") + "y" + (many ? $", block == {plan.Blocks - 1}" : "") : "";
            writer.Line($"Rows(operands.Scratch, operands.Weights + {plan.EntriesOffset}, ends, {channels}, bias{(plan.KeepsSums ? ", sums" : "")}{(many ? ", block == 0" : "")}{finish});");
            if (many) writer.Line($"x += {plan.BlockChannels * (long)plan.Input.Block};").Line($"ends += {plan.OutChannels};");
        }
    }

    private void EmitRun()
    {
        Cut parts = plan.Parts;
        NestWriter.Run(writer, "one tile of pixels" + (parts.Count > 1 ? " of some output channels" : "") + (plan.Images > 1 ? " of one image" : ""), () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("group", plan.Groups), ("part", parts.Count), ("down", plan.TilesDown), ("across", plan.TilesAcross));
            EmitStart("row", "down", plan.TilesDown, plan.Pixels.Rows, plan.OutH);
            EmitStart("column", "across", plan.TilesAcross, plan.Pixels.Columns, plan.OutW);
            if (parts.Count > 1) writer.Line($"int first = {parts.Start("part")}, channels = {(parts.Large == parts.Count ? $"{parts.Size}" : $"part < {parts.Large} ? {parts.Size} : {parts.Size - 1}")};");
            string channels = parts.Count > 1 ? "channels" : $"{plan.OutChannels}";

            writer.Line($"byte* x = {At("operands.Input", plan.Input)}{NestWriter.Term("group", plan.Groups, (long)plan.InChannels * plan.Input.Block)};");
            writer.Line($"byte* y = {At("operands.Output", plan.Output)}{Channel(plan.Output.Block)};");
            if (plan.Residual is { } residual) writer.Line($"byte* residual = {At("operands.Second", residual)}{Channel(residual.Block)};");
            writer.Line($"byte* bias = operands.Weights{Channel(4)};");
            if (plan.KeepsSums) writer.Line($"byte* sums = operands.Scratch + {plan.PatchBytes};");

            EmitBlocks(channels);
            if (!plan.FinishesInRegisters) writer.Line($"Finish(sums, {(plan.Residual is null ? "" : "residual, ")}y, {channels});");
        });

        string Channel(int bytes) => NestWriter.Term("group", plan.Groups, (long)plan.OutChannels * bytes) + (plan.Parts.Count > 1 ? $" + (first * {bytes}L)" : "");
    }

    /// <summary>The tile's first row or column; the last tile overlaps the one before.</summary>
    private void EmitStart(string name, string tile, int tiles, int size, int extent)
    {
        if (tiles == 1) return;
        writer.Line($"int {name} = {(extent % size == 0 ? $"{tile} * {size}" : $"Math.Min({tile} * {size}, {extent - size})")};");
    }

    private string At(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin)
        + (plan.Images > 1 ? $" + (image * {strides.Image}L)" : "") + NestWriter.Term("row", plan.TilesDown, strides.Row) + NestWriter.Term("column", plan.TilesAcross, strides.Column);

    /// <summary>Copies the sums of the pixels that there are.</summary>
    private void EmitFinish()
    {
        int rows = plan.Pixels.Rows - plan.Patch.MissingRows, columns = plan.Pixels.Columns - plan.Patch.MissingColumns;
        writer.Blank().Line($"/// <summary>Copies the sums of a tile to the output{(plan.Residual is null ? "" : ", adds the residual")}{(plan.Activation is null ? "" : ", applies the activation")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Finish(byte* sums, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y, int channels)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            using (writer.Repeat("row", rows))
            {
                string row(int bytes) => rows > 1 ? $"(row * {bytes}) + " : "";
                RowLoop.Emit(writer, Width.Widest(plan.Isa, columns), columns, width =>
                {
                    string sum = width.Load($"sums + {row(plan.Pixels.Columns * 4)}(i * 4)");
                    writer.Line($"{width.Type} v = {sum}{(plan.Residual is { } r ? $" + {width.Load($"residual + {row(r.Row)}(i * 4)")}" : "")};");
                    writer.Line(width.Store($"y + {row(plan.Output.Row)}(i * 4)", plan.Activation is { } activation ? width.Activate(activation, "v") : "v"));
                });
            }

            writer.Line($"sums += {plan.SumBytes};").Line($"y += {plan.Output.Block};");
            if (plan.Residual is { } second) writer.Line($"residual += {second.Block};");
        }
    }
}
