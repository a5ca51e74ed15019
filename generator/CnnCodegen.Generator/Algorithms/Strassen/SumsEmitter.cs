using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>
/// Writes the kernel of a <see cref="StrassenSumsPlan"/>. x11 is the first half of the pixels and of the channels, x12 the second of the pixels,
/// x21 the second of the channels.
/// </summary>
internal sealed class SumsEmitter(StrassenSumsPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit() => NestWriter.Run(writer, "a channel block of one half" + (plan.Images > 1 ? " of one image" : ""), () =>
    {
        SumLayout sums = plan.Sums;
        NestWriter.Digits(writer, ("image", plan.Images), ("block", sums.Blocks));
        string at(long image, long block) => NestWriter.Term("image", plan.Images, image) + NestWriter.Term("block", sums.Blocks, block);
        writer.Line($"byte* x11 = operands.Input{PlaneUnits.Plus(plan.Input.Origin)}{at(plan.Input.Image, plan.Input.Block)};");
        writer.Line($"byte* x21 = x11{PlaneUnits.Plus(sums.Blocks * (long)plan.Input.Block)};");
        writer.Line($"byte* sums = operands.Output{at(sums.ImageBytes, sums.BlockBytes)};");
        using (writer.Open($"for (int i = 0; i < {sums.ReadBytes}; i += {_isa.Lanes * 4})"))
        {
            string load(string x, int half) => _isa.Load($"{x} + i{PlaneUnits.Plus(half)}");
            string store(int sum, string value) => _isa.Store($"sums + i{PlaneUnits.Plus(sum * sums.SumBytes)}", value);
            writer.Line($"{_isa.Type} x12 = {load("x11", sums.Half)}, x22 = {load("x21", sums.Half)};");
            writer.Line($"{_isa.Type} first = x12 - {load("x11", 0)}, second = x22 - first;");
            writer.Line(store(0, "first") + " // x12 - x11");
            writer.Line(store(1, "second") + " // x22 - x12 + x11");
            writer.Line(store(2, "x22 - x12"));
            writer.Line(store(3, $"second - {load("x21", 0)}") + " // x22 - x12 + x11 - x21");
        }
    });
}
