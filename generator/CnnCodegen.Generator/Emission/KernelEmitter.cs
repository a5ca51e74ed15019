using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Emission;

/// <summary>Writes the file of one kernel: the frame here, the members by the kernel's algorithm.</summary>
internal static class KernelEmitter
{
    public static GeneratedFile Emit(NetworkType type, KernelPlan kernel)
    {
        SourceWriter writer = FileFrame.Start(
            $"  kernel     {kernel.Name}",
            $"  algorithm  {kernel.Algorithm}, {kernel.Isa.Display()}" + (kernel.Tile.Length > 0 ? $", tile {kernel.Tile}" : ""));
        using (FileFrame.OpenNamespace(writer, type))
        {
            writer.Line($"/// <summary>{FileFrame.Xml(kernel.Summary)}</summary>");
            writer.Line(FileFrame.GeneratedCode);
            using (writer.Open($"internal static unsafe class {kernel.ClassName}"))
            {
                writer.Line("/// <summary>Independent units of work.</summary>");
                writer.Line($"public const int Units = {kernel.Units};").Blank();
                AlgorithmCatalog.Of(kernel).Emit(kernel, writer);
            }
        }

        return new GeneratedFile($"{type.FileName}.{kernel.ClassName}.g.cs", writer.ToString());
    }
}
