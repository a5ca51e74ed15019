using CnnCodegen.Generator.Algorithms.Fft.Codelets;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Writes the transform of spectra to tiles of the output: columns into <c>tile</c>, from there rows of real numbers with the epilogue.</summary>
internal sealed class InverseEmitter(Isa isa, FourierPlanes planes, FourierEpilogue epilogue, SourceWriter writer)
{
    private readonly Dialect _isa = new(isa);
    private readonly FourierGrid _grid = planes.Grid;

    /// <summary>Some tiles have a column of outputs less than others.</summary>
    private bool ColumnsVary => _grid.Columns.Tiles.Large < _grid.Columns.Tiles.Count;

    /// <summary>The whole kernel of a <see cref="FourierInversePlan"/>.</summary>
    public void EmitKernel()
    {
        int binBytes = _grid.BinBytes(planes.Blocks);
        FourierUnits.Emit(writer, planes, () =>
        {
            writer.Line($"byte* x = {FourierUnits.InSpectra("operands.Input", planes)};");
            writer.Line("byte* tile = operands.Scratch;");
            writer.Line($"byte* between = operands.Scratch + {_grid.TileBytes};");
            using (writer.Loop("column", _grid.HalfColumns)) EmitColumnCall($"x + (column * {(long)_grid.Rows.Size * binBytes}L)");
            EmitRowCalls();
        });
        EmitMethods(binBytes);
    }

    /// <summary>Transforms a column into the tile.</summary>
    public void EmitColumnCall(string source) => writer.Line($"ColumnBack({source}, between, tile + (column * {_grid.ComplexBytes}));");

    /// <summary>Transforms the rows of the tile to the unit's outputs.</summary>
    public void EmitRowCalls()
    {
        writer.Line($"byte* y = {FourierUnits.At("operands.Output", planes, planes.Plane)};");
        if (epilogue.Residual is { } r) writer.Line($"byte* residual = {FourierUnits.At("operands.Second", planes, r)};");
        writer.Line($"int rows = {FourierUnits.Extent("tileRow", _grid.Rows.Tiles)};");
        if (ColumnsVary) writer.Line($"int columns = {FourierUnits.Extent("tileColumn", _grid.Columns.Tiles)};");
        using (writer.Open("for (int row = 0; row < rows; row++)"))
        {
            string residual = epilogue.Residual is { } plane ? $", residual + (row * {plane.Row}L)" : "";
            writer.Line($"RowBack(tile + (row * {_grid.RowBytes}), between{residual}, y + (row * {planes.Plane.Row}L){(ColumnsVary ? ", columns" : "")});");
        }
    }

    /// <summary>The methods for a column and a row.</summary>
    /// <param name="binBytes">From an input of a column to the next.</param>
    public void EmitMethods(int binBytes)
    {
        LineWriter lines = new(isa, writer);
        (FourierAxis rows, FourierAxis columns) = (_grid.Rows, _grid.Columns);
        lines.Write(
            "ColumnBack",
            $"Transforms {rows.Size} bins of a column to its first {rows.Tiles.Size} numbers",
            new Line(LineKind.Inverse, rows.Size, rows.Size, rows.Tiles.Size),
            new LineMemory(
                [("byte*", "x"), ("byte*", "between"), ("byte*", "y")],
                slot => $"x + {Place(slot, binBytes)}",
                slot => $"y + {Place(slot, _grid.RowBytes)}"));

        List<(string, string)> parameters = [("byte*", "x"), ("byte*", "between"), ("byte*", "y")];
        if (epilogue.Residual is not null) parameters.Insert(2, ("byte*", "residual"));
        if (ColumnsVary) parameters.Add(("int", "columns"));
        lines.Write(
            "RowBack",
            $"Transforms {_grid.HalfColumns} of {columns.Size} complex numbers of a row to {columns.Tiles.Size} outputs",
            new Line(LineKind.Hermitian, columns.Size, columns.Size, columns.Tiles.Size),
            new LineMemory(parameters, slot => $"x + {slot * _grid.VectorBytes}", _ => "") { Finish = Finish });
    }

    private void Finish(int column, string value)
    {
        if (epilogue.Residual is { } r) value += $" + {_isa.Load($"residual + {column * r.Column}")}";
        if (ColumnsVary && column == _grid.Columns.Tiles.Size - 1)
        {
            using (writer.Open($"if (columns > {column})")) Store();
        }
        else
        {
            Store();
        }

        void Store()
        {
            if (epilogue.Activation is { } activation)
            {
                writer.Line($"{_isa.Type} y{column} = {value};");
                value = _isa.Activate(activation, $"y{column}");
            }

            writer.Line(_isa.Store($"y + {column * planes.Plane.Column}", value));
        }
    }

    /// <summary>The offset of a part of a complex number.</summary>
    private long Place(int slot, int stride) => ((long)(slot / 2) * stride) + (slot % 2 * _grid.VectorBytes);
}
