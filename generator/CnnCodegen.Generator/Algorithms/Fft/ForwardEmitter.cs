using CnnCodegen.Generator.Algorithms.Fft.Codelets;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Writes the transform of tiles of the input: rows of real numbers into <c>tile</c>, from there columns.</summary>
internal sealed class ForwardEmitter(Isa isa, FourierPlanes planes, SourceWriter writer)
{
    private readonly FourierGrid _grid = planes.Grid;

    /// <summary>The whole kernel of a <see cref="FourierForwardPlan"/>.</summary>
    public void EmitKernel()
    {
        int binBytes = _grid.BinBytes(planes.Blocks);
        FourierUnits.Emit(writer, planes, () =>
        {
            writer.Line($"byte* y = {FourierUnits.InSpectra("operands.Output", planes)};");
            EmitRowCalls();
            using (writer.Loop("column", _grid.HalfColumns)) EmitColumnCall($"y + (column * {(long)_grid.Rows.Size * binBytes}L)");
        });
        EmitMethods(binBytes);
    }

    /// <summary>Transforms the rows of the unit's tile, and declares <c>tile</c> and <c>between</c>.</summary>
    public void EmitRowCalls()
    {
        writer.Line($"byte* x = {FourierUnits.At("operands.Input", planes, planes.Plane)};");
        writer.Line("byte* tile = operands.Scratch;");
        writer.Line($"byte* between = operands.Scratch + {_grid.TileBytes};");
        using (writer.Loop("row", _grid.Rows.Read)) writer.Line($"Row(x + (row * {planes.Plane.Row}L), between, tile + (row * {_grid.RowBytes}));");
    }

    /// <summary>Transforms a column of the tile.</summary>
    public void EmitColumnCall(string target) => writer.Line($"Column(tile + (column * {_grid.ComplexBytes}), between, {target});");

    /// <summary>The methods for a row and a column.</summary>
    /// <param name="binBytes">From an output of a column to the next.</param>
    public void EmitMethods(int binBytes)
    {
        LineWriter lines = new(isa, writer);
        (string, string)[] parameters = [("byte*", "x"), ("byte*", "between"), ("byte*", "y")];
        (FourierAxis rows, FourierAxis columns) = (_grid.Rows, _grid.Columns);
        lines.Write(
            "Row",
            $"Transforms {columns.Read} pixels of a row, followed by zeros, to {_grid.HalfColumns} of {columns.Size} complex numbers",
            new Line(LineKind.Real, columns.Size, columns.Read, columns.Size),
            new LineMemory(parameters, slot => $"x + {slot * planes.Plane.Column}", slot => $"y + {slot * _grid.VectorBytes}"));
        lines.Write(
            "Column",
            $"Transforms {rows.Read} numbers of a column, followed by zeros, to {rows.Size} bins",
            new Line(LineKind.Forward, rows.Size, rows.Read, rows.Size),
            new LineMemory(parameters, slot => $"x + {Place(slot, _grid.RowBytes)}", slot => $"y + {Place(slot, binBytes)}"));
    }

    /// <summary>The offset of a part of a complex number.</summary>
    private long Place(int slot, int stride) => ((long)(slot / 2) * stride) + (slot % 2 * _grid.VectorBytes);
}
