using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>
/// Writes the kernel of a <see cref="StrassenPlan"/>: the sums of the input's halves, and the seven products with what is added up between them.
/// x11 is the first half of the pixels and of the channels, x12 the second of the pixels, x21 the second of the channels; y likewise.
/// </summary>
internal sealed class StrassenEmitter(StrassenPlan plan, SourceWriter writer)
{
    private readonly DirectPlan _product = plan.Product;
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit()
    {
        EmitRun();
        writer.Blank();
        EmitHalves();
        writer.Blank();
        EmitSums();
        writer.Blank();
        EmitPass("Copy", "Copies a result", finishes: false, "a");
        writer.Blank();
        EmitPass("Add", "Adds two results", finishes: false, "a", "b");
        writer.Blank();
        EmitPass("Finish", "Adds two results and ends the layer", finishes: true, "a", "b");
        writer.Blank();
        new DirectEmitter(_product, writer).EmitMethods();
    }

    private void EmitRun()
    {
        string unit = (_product.Images > 1 ? "one image, " : "") + (plan.Strips > 1 ? "one strip of rows, " : "") + "one tile of each half of the output channels";
        NestWriter.Run(writer, unit, () =>
        {
            NestWriter.Digits(writer, ("image", _product.Images), ("strip", plan.Strips), ("tile", plan.Tiles));
            string at(string pointer, PlaneStrides strides, int half) =>
                pointer + PlaneUnits.Plus(strides.Origin) + NestWriter.Term("image", _product.Images, strides.Image) + NestWriter.Term("strip", plan.Strips, 2L * half);
            string tile(PlaneStrides strides) => NestWriter.Term("tile", plan.Tiles, (long)_product.Register.Blocks * strides.Block);
            writer.Line($"byte* x = {at("operands.Input", _product.Input, plan.InputHalf)};");
            string sums = "Sums(x, operands.Scratch);";
            writer.Line(plan.Tiles > 1 ? $"if (unit == begin || tile == 0) {sums}" : sums);
            List<string> arguments =
            [
                "x",
                "operands.Scratch",
                "operands.Weights" + NestWriter.Term("tile", plan.Tiles, StrassenPlan.Products * _product.TapWeightBytes),
                $"operands.Weights + {_product.BiasBytes}" + NestWriter.Term("tile", plan.Tiles, (long)StrassenPlan.Products * _product.GroupWeightBytes),
            ];
            if (_product.Residual is { } r) arguments.Add(at("operands.Second", r, plan.ResidualHalf) + tile(r));
            arguments.Add(at("operands.Output", _product.Output, plan.OutputHalf) + tile(_product.Output));
            writer.Line($"Halves({string.Join(", ", arguments)});");
        });
    }

    private void EmitHalves()
    {
        writer.Line("/// <summary>One tile of both halves of the output channels over a strip: seven products, which add up where they are needed.</summary>");
        using (writer.Open($"private static void Halves(byte* x, byte* sums, byte* bias, byte* w, {(_product.Residual is null ? "" : "byte* residual, ")}byte* y)"))
        using (writer.Open("unchecked"))
        {
            EmitHalves("x", _product.Input, plan.InputHalf, _product.ChannelBlocks);
            EmitHalves("y", _product.Output, plan.OutputHalf, plan.HalfVectors);
            if (_product.Residual is { } r) EmitHalves("residual", r, plan.ResidualHalf, plan.HalfVectors);
            int block = _product.Input.Block;
            EmitProduct(0, "x11", block, "11", place: 0, "y11 = a11 x11");
            writer.Line("Copy(y11, y12);");
            EmitProduct(1, "x21", block, "11", place: 3, "y11 += a12 x21");
            EmitProduct(2, Sum(1), plan.SumBlock, "12", place: 1, "y12 += (a21 + a22 - a11) (x22 - x12 + x11)");
            EmitProduct(3, Sum(2), plan.SumBlock, "22", place: 0, "y22 = (a11 - a21) (x22 - x12)");
            writer.Line("Add(y12, y22, y21);");
            EmitProduct(4, Sum(3), plan.SumBlock, "21", place: 3, "y21 -= a22 (x22 - x12 + x11 - x21)");
            EmitProduct(5, Sum(0), plan.SumBlock, "12", place: 2, "y12 += (a21 + a22) (x12 - x11)");
            writer.Line($"Finish(y12, y22, {(_product.Residual is null ? "" : "residual22, ")}y22);");
            EmitProduct(6, "x22", block, "12", place: 3, "y12 += (a12 - a21 - a22 + a11) x22");
        }
    }

    /// <summary>Declares where the halves of a tensor's channels and pixels begin.</summary>
    private void EmitHalves(string tensor, PlaneStrides strides, int half, int blocks) => writer.Line(
        $"byte* {tensor}11 = {tensor}, {tensor}12 = {tensor} + {half}, {tensor}21 = {tensor} + {blocks * (long)strides.Block}, {tensor}22 = {tensor}21 + {half};");

    private string Sum(int index) => $"sums{PlaneUnits.Plus(index * (long)plan.SumBytes)}";

    /// <summary>Adds a product to an output, as number <paramref name="place"/> of the products there: the first overwrites it, the last finishes it.</summary>
    private void EmitProduct(int product, string x, int blockBytes, string half, int place, string formula)
    {
        List<string> arguments =
        [
            x,
            $"{blockBytes}",
            $"bias{PlaneUnits.Plus(product * (long)_product.TapWeightBytes)}",
            $"w{PlaneUnits.Plus(product * (long)_product.GroupWeightBytes)}",
        ];
        if (_product.Residual is not null) arguments.Add("residual" + half);
        arguments.Add("y" + half);
        arguments.Add($"{place * _product.ProductPasses}");
        writer.Line($"Band({string.Join(", ", arguments)}); // {formula}");
    }

    private void EmitSums()
    {
        long half = _product.ChannelBlocks * (long)_product.Input.Block;
        writer.Line("/// <summary>The sums of the halves of a strip: x12 - x11, x22 - x12 + x11, x22 - x12 and x22 - x12 + x11 - x21.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Sums(byte* x, byte* sums)"))
        using (writer.Open("unchecked"))
        using (writer.Repeat("block", _product.ChannelBlocks))
        {
            using (writer.Open($"for (int i = 0; i < {plan.ReadBytes}; i += {_isa.Lanes * 4})"))
            {
                string load(long offset) => _isa.Load($"x + i{PlaneUnits.Plus(offset)}");
                string store(int sum, string value) => _isa.Store($"sums + i{PlaneUnits.Plus(sum * (long)plan.SumBytes)}", value);
                writer.Line($"{_isa.Type} x12 = {load(plan.InputHalf)}, x22 = {load(half + plan.InputHalf)};");
                writer.Line($"{_isa.Type} first = x12 - {load(0)}, second = x22 - first;");
                writer.Line(store(0, "first")).Line(store(1, "second")).Line(store(2, "x22 - x12")).Line(store(3, $"second - {load(half)}"));
            }

            writer.Line($"x += {_product.Input.Block};").Line($"sums += {plan.SumBlock};");
        }
    }

    /// <summary>A method that adds up outputs of a tile of half the output channels and half a strip.</summary>
    private void EmitPass(string name, string summary, bool finishes, params string[] terms)
    {
        PlaneStrides? residual = finishes ? _product.Residual : null;
        List<string> pointers = [.. terms, .. residual is null ? Array.Empty<string>() : ["residual"], "y"];
        writer.Line($"/// <summary>{summary}, over half a strip and a tile of output channels.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {name}({string.Join(", ", pointers.Select(pointer => $"byte* {pointer}"))})"))
        using (writer.Open("unchecked"))
        using (Loop("vector", _product.Register.Blocks))
        using (Loop("row", _product.OutH))
        using (Loop("column", _product.OutW))
        {
            writer.Line($"{_isa.Type} value = {string.Join(" + ", terms.Select(term => _isa.Load(At(term, _product.Output))))};");
            if (residual is not null) writer.Line($"value += {_isa.Load(At("residual", residual))};");
            if (finishes && _product.Activation is { } activation) writer.Line($"value = {_isa.Activate(activation, "value")};");
            writer.Line(_isa.Store(At("y", _product.Output), "value"));
        }
    }

    private IDisposable? Loop(string index, int count) => count == 1 ? null : writer.Loop(index, count);

    private string At(string pointer, PlaneStrides strides) => pointer
        + NestWriter.Term("vector", _product.Register.Blocks, strides.Block)
        + NestWriter.Term("row", _product.OutH, strides.Row)
        + NestWriter.Term("column", _product.OutW, strides.Column);
}
