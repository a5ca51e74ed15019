using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>
/// A window over a dense plane of any rank, and the loops over its taps. The emitted code names <c>start</c> and a dimension
/// the input pixel under the window's first tap, which may lie outside.
/// </summary>
internal sealed class Sliding(Window window, int[] inputs, int[] outputs)
{
    public int[] In => inputs;

    public int[] Out => outputs;

    public int Rank => inputs.Length;

    public int Last => Rank - 1;

    /// <summary>Bytes of a plane of the input.</summary>
    public int PlaneBytes => inputs.Aggregate(sizeof(float), (product, size) => product * size);

    public int Taps => window.Kernel.Aggregate(1, (product, size) => product * size);

    public int Kernel(int axis) => window.Kernel[axis];

    public int Stride(int axis) => window.Strides[axis];

    public int Dilation(int axis) => window.Dilations[axis];

    public int PadBegin(int axis) => window.PadsBegin[axis];

    public int PadEnd(int axis) => window.PadsEnd[axis];

    /// <summary>The window of a layer; one that sees each pixel on its own slides over the plane as a single row.</summary>
    public static Sliding Of(Window window, TensorShape x, TensorShape y)
    {
        bool pixelwise = window.Kernel.Concat(window.Strides).All(v => v == 1) && !window.HasPadding;
        return pixelwise ? Row(y.Spatial.Aggregate(1, (a, b) => a * b)) : new Sliding(window, x.Spatial, y.Spatial);
    }

    /// <summary>One tap over a row.</summary>
    public static Sliding Row(int length) => new(Window.Square(1, 1), [length], [length]);

    /// <summary>Where the window of output pixel <paramref name="o"/> starts.</summary>
    public string Start(int axis, string o)
    {
        if (o == "0") return Literals.Int(-PadBegin(axis));
        string scaled = Stride(axis) == 1 ? o : $"({o} * {Stride(axis)})";
        return PadBegin(axis) == 0 ? scaled : $"{scaled} - {PadBegin(axis)}";
    }

    /// <summary>Whether a window can reach outside the input.</summary>
    public bool Leaves(int axis) => PadBegin(axis) > 0 || LastTap(axis, outputs[axis] - 1) >= inputs[axis];

    /// <summary>Bytes from an input pixel to the next along a dimension.</summary>
    public int Step(int axis) => inputs.Skip(axis + 1).Aggregate(sizeof(float), (product, size) => product * size);

    /// <summary>The outputs along the last dimension whose windows stay inside the input there: [First, End).</summary>
    public (int First, int End) Interior()
    {
        int first = Math.Min(Out[Last], (PadBegin(Last) + Stride(Last) - 1) / Stride(Last)), end = Out[Last];
        while (end > first && LastTap(Last, end - 1) >= In[Last]) end--;
        return (first, end);
    }

    /// <summary>
    /// Writes for each dimension whose windows can leave the input which taps are inside: from <c>first</c> up to <c>end</c> and the dimension.
    /// With <paramref name="interior"/> those of the last dimension all are.
    /// </summary>
    public void EmitRanges(SourceWriter writer, bool interior)
    {
        for (int axis = 0; axis < (interior ? Last : Rank); axis++)
        {
            if (!Leaves(axis)) continue;
            int d = Dilation(axis);
            string first = d == 1 ? $"-start{axis}" : $"({d - 1} - start{axis}) / {d}", end = d == 1 ? $"{In[axis]} - start{axis}" : $"({In[axis] + d - 1} - start{axis}) / {d}";
            writer.Line($"int first{axis} = Math.Max(0, {first}), end{axis} = Math.Min({Kernel(axis)}, {end});");
        }
    }

    /// <summary>
    /// Writes the loops over the taps inside the input around <paramref name="body"/>, which gets the byte offset of the pixel and the number of
    /// the tap. With <paramref name="interior"/> the offset along the last dimension counts from the window's start.
    /// </summary>
    public void EmitTaps(SourceWriter writer, bool interior, Action<string, string> body)
    {
        Stack<IDisposable> open = new();
        string offset = "", tap = "";
        for (int axis = 0; axis < Rank; axis++)
        {
            bool relative = interior && axis == Last, leaves = !relative && Leaves(axis);
            string k = "";
            if (Kernel(axis) > 1 || leaves)
            {
                k = $"k{axis}";
                open.Push(leaves
                    ? writer.Open($"for (int {k} = first{axis}; {k} < end{axis}; {k}++)")
                    : writer.Loop(k, Kernel(axis)));
                tap = tap.Length == 0 ? k : $"(({tap} * {Kernel(axis)}) + {k})";
            }

            string pixel = k.Length == 0 ? "" : Dilation(axis) == 1 ? k : $"({k} * {Dilation(axis)})";
            if (!relative) pixel = pixel.Length == 0 ? $"start{axis}" : $"(start{axis} + {pixel})";
            if (pixel.Length > 0) offset += $" + ({pixel} * {Step(axis)})";
        }

        body(offset, tap);
        while (open.Count > 0) open.Pop().Dispose();
    }

    private int LastTap(int axis, int output) => (output * Stride(axis)) - PadBegin(axis) + (Dilation(axis) * (Kernel(axis) - 1));
}
