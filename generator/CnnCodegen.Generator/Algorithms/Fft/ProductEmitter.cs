using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Writes the products of a <see cref="FourierProductPlan"/>: in each bin a complex matrix product of tiles by output channels.</summary>
internal sealed class ProductEmitter(FourierProductPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);
    private readonly FourierGrid _grid = plan.Grid;

    public void Emit()
    {
        int vectors = plan.Groups * plan.OutVectors;
        writer.Line("/// <summary>Computes the units [begin, end). A unit: one bin, all tiles and channels.</summary>");
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int bin = begin; bin < end; bin++)"))
        {
            writer.Line($"byte* x = operands.Input + (bin * {_grid.BinBytes(plan.Groups * plan.InBlocks)}L);");
            writer.Line($"byte* w = operands.Weights + {plan.BiasBytes} + (bin * {plan.BinWeightBytes}L);");
            writer.Line($"byte* y = operands.Output + (bin * {_grid.BinBytes(vectors)}L);");
            using (writer.Loop("vector", vectors))
            {
                writer.Line($"{_isa.Type} bias = bin == 0 ? {_isa.Load($"operands.Weights + (vector * {_grid.VectorBytes})")} : {_isa.Zero}; // the sum of all pixels");
                string group = plan.Groups > 1 ? $" + (vector / {plan.OutVectors} * {plan.InBlocks * _grid.BlockBytes})" : "";
                int first = 0;
                foreach ((int size, int count) in plan.Register.Pieces)
                {
                    writer.Line($"Tiles{size}(x{group}{PlaneUnits.Plus(first * _grid.ComplexBytes)}, w, bias, y{PlaneUnits.Plus(first * _grid.ComplexBytes)}, {count});");
                    first += size * count;
                }

                writer.Line($"w += {plan.VectorWeightBytes};").Line($"y += {_grid.BlockBytes};");
            }
        }

        foreach ((int size, _) in plan.Register.Pieces) EmitTiles(size);
    }

    private void EmitTiles(int tiles)
    {
        int tail = plan.InChannels % _grid.Lanes;
        writer.Blank();
        writer.Line($"/// <summary>Sums over the input channels for groups of {tiles} tiles and a vector of output channels.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open($"private static void Tiles{tiles}(byte* x, byte* w, {_isa.Type} bias, byte* y, int groups)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int group = 0; group < groups; group++)"))
        {
            for (int tile = 0; tile < tiles; tile++) writer.Line($"{_isa.Type} r{tile} = bias, i{tile} = {_isa.Zero};");
            writer.Line("byte* xb = x;").Line("byte* ws = w;");
            using (writer.Loop("block", plan.InBlocks))
            {
                writer.Line("byte* xs = xb;");
                string channels = tail == 0 ? $"{_grid.Lanes}" : plan.InBlocks == 1 ? $"{tail}" : "channels";
                if (channels == "channels") writer.Line($"int channels = block == {plan.InBlocks - 1} ? {tail} : {_grid.Lanes};");
                using (writer.Open($"for (int channel = 0; channel < {channels}; channel++)")) EmitChannel(tiles);
                writer.Line($"xb += {_grid.BlockBytes};");
            }

            for (int tile = 0; tile < tiles; tile++)
            {
                writer.Line(_isa.Store($"y + {tile * _grid.ComplexBytes}", $"r{tile}"));
                writer.Line(_isa.Store($"y + {(tile * _grid.ComplexBytes) + _grid.VectorBytes}", $"i{tile}"));
            }

            writer.Line($"x += {tiles * _grid.ComplexBytes};").Line($"y += {tiles * _grid.ComplexBytes};");
        }
    }

    private void EmitChannel(int tiles)
    {
        writer.Line($"{_isa.Type} wr = {_isa.Load("ws")}, wi = {_isa.Load($"ws + {_grid.VectorBytes}")};");
        if (_isa.Prefetch($"ws + {plan.VectorWeightBytes}") is { } prefetch) writer.Line(prefetch);
        for (int tile = 0; tile < tiles; tile++)
        {
            int at = tile * _grid.ComplexBytes;
            writer.Line($"{_isa.Type} xr{tile} = {_isa.Broadcast(Dialect.Float($"xs + {at}"))};");
            writer.Line($"r{tile} = {_isa.MultiplyAdd($"xr{tile}", "wr", $"r{tile}")};");
            writer.Line($"i{tile} = {_isa.MultiplyAdd($"xr{tile}", "wi", $"i{tile}")};");
            writer.Line($"{_isa.Type} xi{tile} = {_isa.Broadcast(Dialect.Float($"xs + {at + _grid.VectorBytes}"))};");
            writer.Line($"r{tile} = {_isa.MultiplySubtract("wi", $"xi{tile}", $"r{tile}")};");
            writer.Line($"i{tile} = {_isa.MultiplyAdd($"xi{tile}", "wr", $"i{tile}")};");
        }

        writer.Line($"ws += {_grid.ComplexBytes};").Line("xs += 4;");
    }
}
