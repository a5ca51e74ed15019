using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Writes the kernel of a <see cref="FourierDepthwisePlan"/>: a column's spectrum is multiplied and transformed back while it is in the cache.</summary>
internal sealed class DepthwiseEmitter(FourierDepthwisePlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    public void Emit()
    {
        FourierGrid grid = plan.Input.Grid;
        ForwardEmitter forward = new(plan.Isa, plan.Input, writer);
        InverseEmitter inverse = new(plan.Isa, plan.Output, plan.Epilogue, writer);
        int columnBytes = grid.Rows.Size * grid.ComplexBytes;
        FourierUnits.Emit(writer, plan.Input, () =>
        {
            string block = plan.Input.Blocks > 1 ? $" + (block * {grid.VectorBytes})" : "", weights = plan.Input.Blocks > 1 ? $" + (block * {plan.BlockWeightBytes}L)" : "";
            writer.Line($"byte* bias = operands.Weights{block};");
            writer.Line($"byte* w = operands.Weights + {plan.BiasBytes}{weights};");
            forward.EmitRowCalls();
            writer.Line($"byte* bins = operands.Scratch + {grid.TileBytes + grid.BetweenBytes};");
            using (writer.Loop("column", grid.HalfColumns))
            {
                forward.EmitColumnCall("bins");
                writer.Line($"Multiply(bins, w + (column * {columnBytes}));");
                writer.Line($"if (column == 0) {_isa.Store("bins", $"{_isa.Load("bins")} + {_isa.Load("bias")}")} // bin 0 is the sum of all pixels");
                inverse.EmitColumnCall("bins");
            }

            inverse.EmitRowCalls();
        });
        forward.EmitMethods(grid.ComplexBytes);
        EmitProduct(grid);
        inverse.EmitMethods(grid.ComplexBytes);
    }

    private void EmitProduct(FourierGrid grid)
    {
        writer.Blank().Line("/// <summary>Multiplies the bins of a column by those of the filter.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Multiply(byte* x, byte* w)"))
        using (writer.Open("unchecked"))
        using (writer.Loop("bin", grid.Rows.Size))
        {
            writer.Line($"{_isa.Type} xr = {_isa.Load("x")}, xi = {_isa.Load($"x + {grid.VectorBytes}")};");
            writer.Line($"{_isa.Type} wr = {_isa.Load("w")}, wi = {_isa.Load($"w + {grid.VectorBytes}")};");
            writer.Line(_isa.Store("x", _isa.MultiplySubtract("xi", "wi", "xr * wr")));
            writer.Line(_isa.Store($"x + {grid.VectorBytes}", _isa.MultiplyAdd("xi", "wr", "xr * wi")));
            writer.Line($"x += {grid.ComplexBytes};").Line($"w += {grid.ComplexBytes};");
        }
    }
}
