using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Reduction;

/// <summary>Writes the loops of a <see cref="ReductionPlan"/>: tiles, and in each the rows.</summary>
internal sealed class ReductionEmitter(ReductionPlan plan, SourceWriter writer)
{
    private readonly Dialect _isa = new(plan.Isa);

    private int VectorBytes => _isa.Lanes * sizeof(float);

    private int TileBytes => plan.Vectors * VectorBytes;

    private int RowBytes => plan.Inner * sizeof(float);

    public void Emit()
    {
        PlaneStrides rows = new(plan.Count * RowBytes, 0, 0, 0, 0), row = new(RowBytes, 0, 0, 0, 0);
        plan.Planes.EmitRun(writer, "the row of means of one plane", "tiles", () =>
        {
            writer.Line($"byte* x = {plan.Planes.At("operands.Input", rows)};").Line($"byte* y = {plan.Planes.At("operands.Output", row)};");
            using (writer.Open($"for (int tile = {plan.Planes.First}; tile < {plan.Planes.End}; tile++)"))
            {
                // The last tile ends where the row does and may repeat some of the means of the one before.
                bool whole = RowBytes % TileBytes == 0;
                writer.Line($"int offset = {(whole ? $"tile * {TileBytes}" : $"Math.Min(tile * {TileBytes}, {RowBytes - TileBytes})")};");
                writer.Line("Tile(x + offset, y + offset);");
            }
        });
        writer.Blank();
        writer.Line($"/// <summary>{plan.Vectors} vectors of means.</summary>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        using (writer.Open("private static void Tile(byte* x, byte* y)"))
        using (writer.Open("unchecked"))
        {
            for (int v = 0; v < plan.Vectors; v++) writer.Line($"{_isa.Type} sum{v} = {_isa.Zero};");
            using (writer.Loop("row", plan.Count))
            {
                for (int v = 0; v < plan.Vectors; v++) writer.Line($"sum{v} += {_isa.Load($"x + {v * VectorBytes}")};");
                writer.Line($"x += {RowBytes};");
            }

            writer.Line($"{_isa.Type} count = {_isa.Broadcast(Literals.Float(plan.Count))};");
            for (int v = 0; v < plan.Vectors; v++) writer.Line(_isa.Store($"y + {v * VectorBytes}", $"sum{v} / count"));
        }
    }
}
