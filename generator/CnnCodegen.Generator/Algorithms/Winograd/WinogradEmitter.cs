using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes the entry of a <see cref="WinogradPlan"/> and the stages it consists of.</summary>
internal sealed class WinogradEmitter(WinogradPlan plan, SourceWriter writer)
{
    private readonly PhaseText _phases = new(plan);
    private readonly InputEmitter _input = new(plan, writer);
    private readonly ProductEmitter _product = new(plan, writer);
    private readonly OutputEmitter _output = new(plan, writer);

    public void Emit()
    {
        switch (plan.Stage)
        {
            case WinogradStage.Fused:
                EmitRun("a block of tiles", EmitFused);
                EmitProducts();
                writer.Blank();
                _input.Emit();
                _product.Emit();
                writer.Blank();
                _output.Emit();
                break;
            case WinogradStage.Input:
                EmitRun("a block of input channels for a range of tiles", EmitInput);
                writer.Blank();
                _input.Emit();
                break;
            case WinogradStage.Product:
                EmitRun("one element of all transformed tiles", EmitProduct);
                _product.Emit();
                break;
            default:
                EmitRun("a vector of output channels for a range of tiles", EmitOutput);
                writer.Blank();
                _output.Emit();
                break;
        }
    }

    private void EmitRun(string unit, Action body)
    {
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit}.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
            body();
    }

    private void EmitFused()
    {
        EmitRange();
        if (plan.Groups > 1) writer.Line($"int group = {PlaneUnits.Over("unit", plan.Blocks.Count)};");
        writer.Line("byte* v = operands.Scratch;");
        writer.Line($"byte* m = operands.Scratch + {plan.InBytes};");
        using (writer.Loop("block", plan.InBlocks))
            writer.Line($"TransformTiles({Input("block")}, v + (block * {plan.InBlockBytes}), first, behind);");
        writer.Blank();
        using (writer.Loop("channels", plan.VectorGroups))
        {
            string u = $"operands.Weights + ({Group(plan.VectorGroups, "channels")} * {plan.TileWeightBytes}L)";
            writer.Line($"Products(v, {u}, m{(plan.Uneven ? $", behind - first == {plan.Blocks.Size} ? {plan.Pieces.Large} : {plan.Pieces.Large - 1}" : "")});");
            using (writer.Repeat("vector", plan.Vectors))
            {
                writer.Line($"int k = {Group(plan.OutVectors, plan.Vectors > 1 ? $"(channels * {plan.Vectors}) + vector" : "channels")};");
                EmitInverse(plan.Vectors > 1 ? $"m + (vector * {plan.OutVectorBytes})" : "m", "first", "behind");
            }
        }
    }

    /// <summary>The products of a block of tiles with the weights of one register tile of output channels.</summary>
    private void EmitProducts()
    {
        writer.Blank();
        writer.Line("/// <summary>The products for one register tile of output channels, element by element.</summary>");
        using (writer.Open($"private static void Products(byte* v, byte* u, byte* m{(plan.Uneven ? ", int large" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Loop("element", plan.Elements))
        {
            if (_phases.Varies) EmitPhases("element");
            _product.Call("v", "u", "m", plan.Uneven ? "large" : $"{plan.Pieces.Large}");
            writer.Line($"v += {_phases.InBytes};");
            writer.Line($"u += {_phases.ChunkBytes};");
            writer.Line($"m += {plan.OutElementBytes};");
        }
    }

    /// <summary>Declares the element's points as <c>row</c> and <c>column</c>, and its <c>phases</c>.</summary>
    private void EmitPhases(string element)
    {
        writer.Line($"int row = {element} / {plan.Filter.Points}, column = {element} % {plan.Filter.Points};");
        writer.Line($"int phases = {_phases.At("row", "column")};");
    }

    private void EmitInput()
    {
        EmitRange();
        int blocks = plan.Groups * plan.InBlocks;
        writer.Line($"int block = {PlaneUnits.Over("unit", plan.Blocks.Count)};");
        string v = plan.Groups == 1 ? $"(block * {plan.InBlockBytes}L)"
            : $"(block / {plan.InBlocks} * {plan.InBytes}L) + (block % {plan.InBlocks} * {plan.InBlockBytes}L)";
        string x = $"operands.Input{PlaneUnits.Plus(plan.Input.Origin)}" + (blocks > 1 ? $" + (block * {plan.Input.Block}L)" : "");
        writer.Line($"TransformTiles({x}, operands.Output + {v} + (first * {plan.VectorBytes}), first, behind);");
    }

    private void EmitProduct()
    {
        string group(long bytes) => plan.Groups == 1 ? "" : $"(unit / {plan.Elements} * {bytes}L) + ";
        string element = plan.Groups == 1 ? "unit" : $"unit % {plan.Elements}";
        if (_phases.Varies)
        {
            if (plan.Groups > 1) writer.Line($"int element = {element};");
            element = plan.Groups == 1 ? "unit" : "element";
            EmitPhases(element);
            writer.Line($"int before = {_phases.Before("row", "column")};");
            writer.Line($"byte* v = operands.Input + {group(plan.InBytes)}(before * {(long)plan.InPhaseBytes}L);");
            writer.Line($"byte* u = operands.Weights + {group(plan.VectorGroups * plan.TileWeightBytes)}({element} * {plan.VectorGroups * (long)plan.StartBytes}L) + (before * {plan.VectorGroups * (long)plan.PhaseWeightBytes}L);");
        }
        else
        {
            writer.Line($"byte* v = operands.Input + {group(plan.InBytes)}({element} * {_phases.InBytes}L);");
            writer.Line($"byte* u = operands.Weights + (unit * {plan.VectorGroups * plan.TileWeightBytes / plan.Elements}L);");
        }

        writer.Line($"byte* m = operands.Output + {group(plan.OutBytes)}({element} * {(long)plan.OutElementBytes}L);");
        using (writer.Loop("channels", plan.VectorGroups))
        {
            _product.Call("v", "u", "m", $"{plan.Pieces.Large}");
            writer.Line($"u += {_phases.ChunkBytes};");
            writer.Line($"m += {plan.Vectors * plan.OutVectorBytes};");
        }
    }

    private void EmitOutput()
    {
        EmitRange();
        writer.Line($"int k = {PlaneUnits.Over("unit", plan.Blocks.Count)};");
        string m = plan.Groups == 1 ? $"(k * {plan.OutVectorBytes}L)"
            : $"(k / {plan.OutVectors} * {plan.OutBytes}L) + (k % {plan.OutVectors} * {plan.OutVectorBytes}L)";
        EmitInverse($"operands.Input + {m} + (first * {plan.VectorBytes})", "first", "behind");
    }

    private void EmitInverse(string m, string first, string end)
    {
        string at(string pointer, PlaneStrides strides) => $"{pointer}{PlaneUnits.Plus(strides.Origin)} + (k * {strides.Block}L)";
        string residual = plan.Residual is { } r ? at("operands.Second", r) : "";
        writer.Line($"InverseTiles({m}, {_output.Residual(residual)}{at("operands.Output", plan.Output)}, {first}, {end});");
    }

    /// <summary>Declares the unit's tiles as <c>first</c> and <c>behind</c>.</summary>
    private void EmitRange()
    {
        int count = plan.Blocks.Count;
        if (count == 1)
        {
            writer.Line($"int first = 0, behind = {plan.Tiles};");
            return;
        }

        writer.Line($"int range = unit % {count};");
        writer.Line($"int first = {plan.Blocks.Start("range")}, behind = {plan.Blocks.Start("(range + 1)")};");
    }

    private string Input(string block) =>
        $"operands.Input{PlaneUnits.Plus(plan.Input.Origin)} + ({Group(plan.InBlocks, block)} * {plan.Input.Block}L)";

    /// <summary>The index among all groups of something of which each group has <paramref name="count"/>.</summary>
    private string Group(int count, string index) => plan.Groups == 1 ? index : $"((group * {count}) + {index})";
}
