using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>
/// Writes the kernel of a <see cref="StrassenPlan"/>: the seven products with what is added up between them.
/// x11 is the first half of the pixels and of the channels, x12 the second of the pixels, x21 the second of the channels; y likewise.
/// </summary>
internal sealed class StrassenEmitter(StrassenPlan plan, SourceWriter writer)
{
    private readonly DirectPlan _product = plan.Product;
    private readonly Dialect _isa = new(plan.Isa);

    private bool IsCut => _product.Bands.Count > 1;

    /// <summary>Where bands are, they are rows of tiles, or runs of pixels.</summary>
    private Cut Steps => _product.Register.Rows.Count > 1 ? _product.Register.Rows : _product.Register.Columns;

    public void Emit()
    {
        EmitRun();
        writer.Blank();
        EmitHalves();
        writer.Blank();
        EmitAddition("Add", "Adds two results", finishes: false);
        writer.Blank();
        EmitAddition("Finish", "Adds two results and ends the layer", finishes: true);
        writer.Blank();
        new DirectEmitter(_product, writer).EmitMethods();
    }

    private void EmitRun()
    {
        string unit = (_product.Images > 1 ? "one image, " : "") + (IsCut ? "one band of each half of the pixels, " : "") + "one tile of each half of the output channels";
        NestWriter.Run(writer, unit, () =>
        {
            // Bands of a tile follow each other, so that unequal ones are spread evenly over the threads.
            NestWriter.Digits(writer, ("image", _product.Images), ("tile", plan.Tiles), ("band", _product.Bands.Count));
            string image(long bytes) => NestWriter.Term("image", _product.Images, bytes);
            string at(string pointer, PlaneStrides strides) => pointer + PlaneUnits.Plus(strides.Origin) + image(strides.Image);
            string tile(long bytes) => NestWriter.Term("tile", plan.Tiles, bytes);
            List<string> arguments =
            [
                at("operands.Input", _product.Input),
                "operands.Third" + image(plan.Sums.ImageBytes),
                "operands.Weights" + tile(StrassenPlan.Products * _product.TapWeightBytes),
                $"operands.Weights + {_product.BiasBytes}" + tile((long)StrassenPlan.Products * _product.GroupWeightBytes),
            ];
            if (_product.Residual is { } r) arguments.Add(at("operands.Second", r) + tile((long)_product.Register.Blocks * r.Block));
            arguments.Add(at("operands.Output", _product.Output) + tile((long)_product.Register.Blocks * _product.Output.Block));
            if (IsCut) arguments.AddRange([_product.Bands.Start("band"), _product.Bands.Start("(band + 1)")]);
            writer.Line($"Halves({string.Join(", ", arguments)});");
        });
    }

    private void EmitHalves()
    {
        string residual = _product.Residual is null ? "" : "byte* residual, ";
        writer.Line("/// <summary>One tile of both halves of the output channels: seven products, which add up where they are needed.</summary>");
        using (writer.Open($"private static void Halves(byte* x, byte* sums, byte* bias, byte* w, {residual}byte* y{(IsCut ? ", int first, int end" : "")})"))
        using (writer.Open("unchecked"))
        {
            EmitHalves("x", _product.Input, plan.Sums.Half, _product.ChannelBlocks);
            EmitHalves("y", _product.Output, plan.OutputHalf, plan.HalfVectors);
            if (_product.Residual is { } r) EmitHalves("residual", r, plan.ResidualHalf, plan.HalfVectors);
            if (IsCut) writer.Line($"int pixel = {Pixel("first")}, behind = {Pixel("end")};");
            int block = _product.Input.Block, sums = plan.Sums.BlockBytes;
            EmitProduct(0, "x11", block, "12", place: 0, "y12 = a11 x11");
            EmitProduct(1, "x21", block, "11", place: 0, "y11 = a12 x21");
            EmitFinish("y11", "y12", "11");
            EmitProduct(2, Sum(1), sums, "12", place: 1, "y12 += (a21 + a22 - a11) (x22 - x12 + x11)");
            EmitProduct(3, Sum(2), sums, "22", place: 0, "y22 = (a11 - a21) (x22 - x12)");
            writer.Line($"Add(y12, y22, y21{Range});");
            EmitProduct(4, Sum(3), sums, "21", place: 3, "y21 -= a22 (x22 - x12 + x11 - x21)");
            EmitProduct(5, Sum(0), sums, "12", place: 2, "y12 += (a21 + a22) (x12 - x11)");
            EmitFinish("y12", "y22", "22");
            EmitProduct(6, "x22", block, "12", place: 3, "y12 += (a12 - a21 - a22 + a11) x22");
        }
    }

    /// <summary>Declares where the halves of a tensor's channels and pixels begin.</summary>
    private void EmitHalves(string tensor, PlaneStrides strides, int half, int blocks) => writer.Line(
        $"byte* {tensor}11 = {tensor}, {tensor}12 = {tensor} + {half}, {tensor}21 = {tensor} + {blocks * (long)strides.Block}, {tensor}22 = {tensor}21 + {half};");

    private string Sum(int index) => $"sums{PlaneUnits.Plus(index * plan.Sums.SumBytes)}";

    /// <summary>The pixels of the band, where it is not all.</summary>
    private string Range => IsCut ? ", pixel, behind" : "";

    /// <summary>The first pixel of a step.</summary>
    private string Pixel(string step)
    {
        string start = Steps.Start(step);
        return _product.Register.Rows.Count > 1 ? $"({start}) * {_product.OutW}" : start;
    }

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
        if (IsCut) arguments.AddRange(["first", "end"]);
        writer.Line($"Band({string.Join(", ", arguments)}); // {formula}");
    }

    private void EmitFinish(string a, string b, string half) =>
        writer.Line($"Finish({a}, {b}, {(_product.Residual is null ? "" : $"residual{half}, ")}y{half}{Range});");

    /// <summary>A method over the outputs of a tile of half the output channels.</summary>
    private void EmitAddition(string name, string summary, bool finishes)
    {
        PlaneStrides? residual = finishes ? _product.Residual : null;
        writer.Line($"/// <summary>{summary}, over a tile of half the output channels and {(IsCut ? "the pixels [pixel, behind) of half of them" : "half the pixels")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {name}(byte* a, byte* b, {(residual is null ? "" : "byte* residual, ")}byte* y{(IsCut ? ", int pixel, int behind" : "")})"))
        using (writer.Open("unchecked"))
        {
            bool rows = _product.OutH > 1;
            using IDisposable? loop = !IsCut ? Loop("row", _product.OutH) : rows ? writer.Open("while (pixel < behind)") : null;
            string first = "0", end = $"{_product.OutW}";
            if (IsCut && rows)
            {
                writer.Line($"int row = pixel / {_product.OutW}, column = pixel % {_product.OutW}, stop = Math.Min({_product.OutW}, column + behind - pixel);");
                writer.Line("pixel += stop - column;");
                (first, end) = ("column", "stop");
            }
            else if (IsCut)
            {
                (first, end) = ("pixel", "behind");
            }

            int step = _product.Output.Column;
            string bytes(string pixels) => int.TryParse(pixels, out int count) ? $"{count * step}" : $"{pixels} * {step}";
            using (Loop("vector", _product.Register.Blocks))
            using (writer.Open($"for (int i = {bytes(first)}; i < {bytes(end)}; i += {step})"))
            {
                writer.Line($"{_isa.Type} value = {_isa.Load(At("a", _product.Output))} + {_isa.Load(At("b", _product.Output))};");
                if (residual is not null) writer.Line($"value += {_isa.Load(At("residual", residual))};");
                if (finishes && _product.Activation is { } activation) writer.Line($"value = {_isa.Activate(activation, "value")};");
                writer.Line(_isa.Store(At("y", _product.Output), "value"));
            }
        }
    }

    private IDisposable? Loop(string index, int count) => count == 1 ? null : writer.Loop(index, count);

    /// <summary>The vector at the byte i of a row: pixels lie equally far apart in all blocked tensors.</summary>
    private string At(string pointer, PlaneStrides strides) =>
        pointer + NestWriter.Term("vector", _product.Register.Blocks, strides.Block) + NestWriter.Term("row", _product.OutH, strides.Row) + " + i";
}
