using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Codes;

/// <summary>The sum of two values in codes, in codes again.</summary>
internal sealed record CodeSumPlan(
    Isa Isa, string Name, string Summary, int Units, TensorView First, TensorView Second, TensorView Output, CodeGrid FirstGrid, CodeGrid SecondGrid, CodeGrid Grid)
    : KernelPlan(CodeSumAlgorithm.Id, Isa, Name, Summary, Units);

/// <summary>Sums of codes, quantized again: in units of the result, where each operand has a factor and all zeros are one number.</summary>
internal sealed class CodeSumAlgorithm : IAlgorithm
{
    public const string Id = "code sum";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Model.Binary { Function: BinaryKind.Add };

    public Claim Claim(LayerContext layer)
    {
        if (layer.InputCodes(0) is not { } first || layer.InputCodes(1) is not { } second || layer.Grid is not { } grid) return Algorithms.Claim.Decline("not from codes to codes");
        if (layer.InputShapes[0] != layer.InputShapes[1]) return Algorithms.Claim.Decline($"broadcasts {layer.InputShapes[0]} and {layer.InputShapes[1]}");
        return new Claimed("from codes to codes", [new Need(Form.Codes), new Need(Form.Codes)], Form.Codes, InPlace: false, (views, y) =>
            [new KernelCall(new CodeSumPlan(layer.Isa, $"CodeSum_{y.C}x{y.H}x{y.W}", $"Sum of codes, {y.Shape}.", y.N * y.H, views[0], views[1], y, first, second, grid), 0, 1)]);
    }

    public void Emit(KernelPlan kernel, SourceWriter writer)
    {
        CodeSumPlan plan = (CodeSumPlan)kernel;
        TensorView y = plan.Output;
        CodeDialect isa = new(plan.Isa);
        Dialect floats = isa.Floats;
        NestWriter.Run(writer, y.N > 1 ? "one row of one image" : "one row", () =>
        {
            NestWriter.Digits(writer, ("image", y.N), ("row", y.H));
            string start(TensorView view) => PlaneUnits.Plus(view.OriginBytes) + NestWriter.Term("image", view.N, view.ImageBytes) + NestWriter.Term("row", view.H, view.RowBytes);
            writer.Line($"Row(operands.Input{start(plan.First)}, operands.Second{start(plan.Second)}, operands.Output{start(y)});");
        });
        writer.Blank();

        // The pixels of a row lie one behind the other, in whole words.
        int bytes = y.W * y.PixelBytes, whole = bytes / isa.Lanes * isa.Lanes;
        double unit = plan.Grid.Step;
        double zero = ((plan.FirstGrid.Low * plan.FirstGrid.Step) + (plan.SecondGrid.Low * plan.SecondGrid.Step)) / unit;
        writer.Line("/// <summary>One row of codes.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Row(byte* a, byte* b, byte* y)"))
        using (writer.Open("unchecked"))
        {
            if (whole > 0)
            {
                using (writer.Open($"for (int i = 0; i < {whole}; i += {isa.Lanes})")) Vector("i", half: false);
            }

            if (whole == bytes) return;
            using (writer.Repeat("rest", 1)) Vector($"{whole}", half: true);
        }

        void Vector(string at, bool half)
        {
            string? part = half ? "true" : null;
            writer.Line($"{floats.Type} sum = {floats.MultiplyAdd(isa.ToFloat(isa.LoadCodes($"a + {at}", part)), floats.Broadcast(Literals.Float((float)(plan.FirstGrid.Step / unit))), floats.Broadcast(Literals.Float((float)zero)))};");
            writer.Line($"sum = {floats.MultiplyAdd(isa.ToFloat(isa.LoadCodes($"b + {at}", part)), floats.Broadcast(Literals.Float((float)(plan.SecondGrid.Step / unit))), "sum")};");
            writer.Line($"{isa.Type} codes = {isa.ToCodes(plan.Grid, "sum")};");
            writer.Line(isa.StoreCodes($"y + {at}", "codes", part));
        }
    }
}
