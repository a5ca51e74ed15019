using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes the units of an <see cref="Int8WinogradPlan"/>: the transform of a block of tiles, then for each register tile of output channels the products and their transform.</summary>
internal sealed class Int8WinogradEmitter(Int8WinogradPlan plan, SourceWriter writer)
{
    private readonly OutputEmitter _output = new(plan, writer);

    public void Emit()
    {
        EmitRun();
        writer.Blank();
        new InputEmitter(plan, writer).Emit();
        foreach (WordDot dot in WordDot.Of(plan.Isa))
        {
            writer.Blank();
            new ProductEmitter(plan, dot, writer).Emit();
        }

        writer.Blank();
        _output.Emit();
    }

    private void EmitRun()
    {
        (int blocks, int parts) = (plan.Blocks.Count, plan.Parts.Count);
        NestWriter.Run(writer, (blocks > 1 ? "a block of tiles, " : "") + (parts > 1 ? "a part of the output channels" : "all output channels"), () =>
        {
            NestWriter.Digits(writer, ("block", blocks), ("part", parts));
            ChannelParts.WriteBlock(writer, plan.Blocks, "block");
            writer.Line($"byte* v = operands.Scratch, m = operands.Scratch + {plan.InBytes};");
            ChannelParts.WriteTiles(writer, plan.Parts, $"TransformTiles(operands.Input{PlaneUnits.Plus(plan.Input.Origin)}, v, first, behind);", EmitChannels);
        });
    }

    /// <summary>One register tile of output channels.</summary>
    private void EmitChannels()
    {
        writer.Line($"byte* u = operands.Weights + {3 * plan.TableBytes} + (channels * {plan.Products * (long)plan.ChunkBytes}L);");
        string arguments = "v, u, m" + (plan.Uneven ? $", behind - first == {plan.Blocks.Size} ? {plan.Pieces.Large} : {plan.Pieces.Large - 1}" : "");
        IReadOnlyList<WordDot> dots = WordDot.Of(plan.Isa);
        for (int i = 0; i < dots.Count; i++)
            writer.Line($"{(i > 0 ? "else " : "")}{(dots[i].Check.Length > 0 ? $"if ({dots[i].Check}) " : "")}Products{dots[i].Name}({arguments});");

        string vector = plan.Vectors == 1 ? "channels" : $"(channels * {plan.Vectors})";
        string at(string pointer, Int8Value value) => $"{pointer}{PlaneUnits.Plus(value.Strides.Origin)} + {value.VectorOffset(vector, plan.Lanes)}";
        string residual = plan.Residual is { } r ? at("operands.Second", r) : "";
        string half = _output.Half($", channels == {(plan.OutVectors / plan.Vectors) - 1}");
        writer.Line($"InverseTiles(m, operands.Weights + ({vector} * {plan.VectorBytes}), {_output.Residual(residual)}{at("operands.Output", plan.Output)}, first, behind{half});");
    }
}
