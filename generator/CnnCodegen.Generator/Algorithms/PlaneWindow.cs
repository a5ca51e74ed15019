using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>A window of one or two dimensions over the rows and columns of a plane; a single dimension runs along the columns.</summary>
internal sealed record PlaneWindow(WindowAxis Rows, WindowAxis Columns)
{
    public int Taps => Rows.Kernel * Columns.Kernel;

    public static PlaneWindow Of(Window window)
    {
        WindowAxis axis(int i) => new(window.Kernel[i], window.Strides[i], window.Dilations[i], window.PadsBegin[i], window.PadsEnd[i]);
        return window.Rank == 1 ? new(new WindowAxis(1, 1, 1, 0, 0), axis(0)) : new(axis(0), axis(1));
    }

    /// <summary>The zeros that windows reach outside the input.</summary>
    public static Border Borders(Window window, TensorShape x, TensorShape y)
    {
        int last = window.Rank - 1;
        (int Begin, int End) rows = window.Rank == 1 ? (0, 0) : Reach(0);
        (int Begin, int End) columns = Reach(last);
        return new Border(rows.Begin, columns.Begin, rows.End, columns.End);

        (int Begin, int End) Reach(int axis)
        {
            int end = ((y[axis + 2] - 1) * window.Strides[axis]) + window.Extent(axis) - window.PadsBegin[axis] - x[axis + 2];
            return (window.PadsBegin[axis], Math.Max(0, end));
        }
    }

    /// <summary>For a kernel's name, for example <c>K3x3S2x2</c>.</summary>
    public string Tag => $"K{Rows.Kernel}x{Columns.Kernel}S{Rows.Stride}x{Columns.Stride}"
        + (Rows.Dilation > 1 || Columns.Dilation > 1 ? $"D{Rows.Dilation}x{Columns.Dilation}" : "");
}

/// <summary>One axis of a <see cref="PlaneWindow"/>, in pixels.</summary>
internal sealed record WindowAxis(int Kernel, int Stride, int Dilation, int PadBegin, int PadEnd)
{
    public int Extent => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The outputs [First, End) whose windows lie inside the <paramref name="input"/> pixels.</summary>
    public (int First, int End) Interior(int input, int output)
    {
        int first = Math.Min(output, (PadBegin + Stride - 1) / Stride);
        int room = input + PadBegin - Extent;
        int end = room < 0 ? first : Math.Min(output, (room / Stride) + 1);
        return (first, Math.Max(first, end));
    }
}
