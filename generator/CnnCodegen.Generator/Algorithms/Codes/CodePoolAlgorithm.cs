using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Codes;

/// <summary>Maximum pooling of codes, windows clipped to the input: strides and offsets in bytes, everything else in pixels.</summary>
internal sealed record CodePoolPlan(Isa Isa, string Name, string Summary, int Units, PlaneWindow Window, TensorView Input, TensorView Output)
    : KernelPlan(CodePoolAlgorithm.Id, Isa, Name, Summary, Units);

/// <summary>Maximum pooling of codes: their order is that of the values.</summary>
internal sealed class CodePoolAlgorithm : IAlgorithm
{
    public const string Id = "code pool";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Pool { Function: PoolKind.Max };

    public Claim Claim(LayerContext layer)
    {
        Window window = ((Pool)layer.Layer).Window;
        if (layer.InputCodes(0) is null) return Algorithms.Claim.Decline("its input is not in codes");
        if (window.Rank > 2) return Algorithms.Claim.Decline("3-D pooling");
        if (window.Dilations.Any(d => d != 1)) return Algorithms.Claim.Decline("dilation");
        return new Claimed("its input is in codes", [new Need(Form.Codes)], Form.Codes, InPlace: false, (views, output) =>
        {
            (TensorView x, PlaneWindow plane) = (views[0], PlaneWindow.Of(window));
            string name = $"CodePool_{plane.Tag}P{plane.Rows.PadBegin}x{plane.Columns.PadBegin}_{x.C}x{x.H}x{x.W}";
            return [new KernelCall(new CodePoolPlan(layer.Isa, name, $"Maximum of codes, {window.Describe()}, {x.Shape} to {output.Shape}.", output.N * output.H, plane, x, output))];
        });
    }

    public void Emit(KernelPlan kernel, SourceWriter writer)
    {
        CodePoolPlan plan = (CodePoolPlan)kernel;
        (TensorView from, TensorView to) = (plan.Input, plan.Output);
        (WindowAxis rows, WindowAxis columns) = plan.Window;
        NestWriter.Run(writer, to.N > 1 ? "one row of one image" : "one row", () =>
        {
            NestWriter.Digits(writer, ("image", to.N), ("row", to.H));
            string image(TensorView view) => PlaneUnits.Plus(view.OriginBytes) + (view.N > 1 ? $" + (image * {view.ImageBytes}L)" : "");
            Clip("top", "bottom", NestWriter.Index("row", to.H), rows, from.H);
            writer.Line($"byte* x = operands.Input{image(from)} + (top * {from.RowBytes});");
            writer.Line($"byte* y = operands.Output{image(to)}{NestWriter.Term("row", to.H, to.RowBytes)};");
            using (writer.Open($"for (int column = 0; column < {to.W}; column++, y += {to.PixelBytes})"))
            {
                Clip("left", "right", "column", columns, from.W);
                writer.Line($"Window(x + (left * {from.PixelBytes}), y, bottom - top, right - left);");
            }
        });
        writer.Blank();
        EmitWindow(plan, writer);

        // The pixels [first, last) of the window along an axis that lie inside the input.
        void Clip(string first, string last, string output, WindowAxis axis, int size) => writer.Line(
            $"int {first} = Math.Max(({output} * {axis.Stride}) - {axis.PadBegin}, 0), {last} = Math.Min(({output} * {axis.Stride}) + {axis.Kernel - axis.PadBegin}, {size});");
    }

    private static void EmitWindow(CodePoolPlan plan, SourceWriter writer)
    {
        string vector = plan.Isa == Isa.Portable ? "Vector128" : "Vector256";
        int bytes = plan.Isa == Isa.Portable ? 16 : 32, whole = plan.Input.PixelBytes / bytes * bytes;
        writer.Line("/// <summary>The maxima of all channels of one window.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Window(byte* x, byte* y, int rows, int columns)"))
        using (writer.Open("unchecked"))
        {
            if (whole > 0)
            {
                using (writer.Open($"for (int c = 0; c < {whole}; c += {bytes})"))
                {
                    writer.Line($"{vector}<byte> most = {vector}<byte>.Zero;");
                    Pixels($"most = {vector}.Max(most, *({vector}<byte>*)(x + c + (row * {plan.Input.RowBytes}) + (column * {plan.Input.PixelBytes})));");
                    writer.Line($"*({vector}<byte>*)(y + c) = most;");
                }
            }

            if (whole == plan.Input.PixelBytes) return;
            using (writer.Open($"for (int c = {whole}; c < {plan.Input.C}; c++)"))
            {
                writer.Line("byte most = 0;");
                Pixels($"most = Math.Max(most, x[c + (row * {plan.Input.RowBytes}) + (column * {plan.Input.PixelBytes})]);");
                writer.Line("y[c] = most;");
            }
        }

        void Pixels(string line)
        {
            using (writer.Open("for (int row = 0; row < rows; row++)"))
                writer.Line($"for (int column = 0; column < columns; column++) {line}");
        }
    }
}
