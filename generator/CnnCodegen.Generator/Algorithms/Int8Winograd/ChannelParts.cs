using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Writes units that are a block of pixels or tiles by a part of the output channels, whose inputs are prepared once for the parts that follow each other.</summary>
internal static class ChannelParts
{
    /// <summary>Declares the pixels or tiles [first, behind) of a block.</summary>
    /// <param name="blocks">What is cut.</param>
    /// <param name="index">The name of a block's index.</param>
    public static void WriteBlock(SourceWriter writer, Cut blocks, string index) =>
        writer.Line($"int first = {(blocks.Count == 1 ? $"0, behind = {blocks.Extent}" : $"{blocks.Start(index)}, behind = {blocks.Start($"({index} + 1)")}")};");

    /// <summary>Prepares the inputs of a block, unless the unit before did, and loops over the register tiles of output channels of a part.</summary>
    /// <param name="parts">The register tiles cut into parts.</param>
    /// <param name="prepare">The statement that prepares the inputs.</param>
    /// <param name="tile">Writes what is done for the register tile <c>channels</c>.</param>
    public static void WriteTiles(SourceWriter writer, Cut parts, string prepare, Action tile)
    {
        bool isCut = parts.Count > 1;
        writer.Line(isCut ? $"if (unit == begin || part == 0) {prepare}" : prepare);
        if (isCut) writer.Line($"int last = {parts.Start("(part + 1)")};");
        using (writer.Open($"for (int channels = {(isCut ? parts.Start("part") : "0")}; channels < {(isCut ? "last" : $"{parts.Extent}")}; channels++)")) tile();
    }
}
