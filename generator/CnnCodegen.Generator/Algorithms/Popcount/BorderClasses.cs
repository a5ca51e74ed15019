using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>
/// Output pixels along one axis by which taps of their windows lie outside the input: the first <paramref name="First"/> are a class each,
/// then come all whose windows lie inside, up to <paramref name="End"/>, and the others are a class each again.
/// </summary>
internal readonly record struct BorderClasses(int First, int End, int Outputs)
{
    /// <summary>Combinations of two axes' classes beyond which their tables would be larger than the weights.</summary>
    private const int MaxCombinations = 256;

    public int Count => First + 1 + Outputs - End;

    public static BorderClasses Of(WindowAxis axis, int input, int output)
    {
        (int first, int end) = axis.Interior(input, output);
        return new BorderClasses(first, end, output);
    }

    /// <summary>Why an image has too many kinds of border; null if it does not.</summary>
    public static string? Refusal(PlaneWindow window, TensorView input, TensorView output)
    {
        long classes = (long)Of(window.Rows, input.H, output.H).Count * Of(window.Columns, input.W, output.W).Count;
        return classes > MaxCombinations ? $"{classes} different borders" : null;
    }

    /// <summary>The class of an output pixel.</summary>
    public int ClassOf(int output) => output < End ? Math.Min(output, First) : output - (End - First - 1);

    /// <summary>The first output pixel of a class.</summary>
    public int Example(int index) => index <= First ? index : index - First - 1 + End;

    /// <summary>The text of the class of an output pixel.</summary>
    public string Index(string output) => $"{output} < {End} ? {(First == 0 ? "0" : $"Math.Min({output}, {First})")} : {output} - {End - First - 1}";

    /// <summary>For each class the taps [begin, end) inside the input, one pair behind the other.</summary>
    public EquatableArray<int> Inside(WindowAxis axis, int input)
    {
        List<int> taps = [];
        for (int i = 0; i < Count; i++)
        {
            int start = (Example(i) * axis.Stride) - axis.PadBegin;
            int begin = Math.Min(axis.Kernel, Math.Max(0, (axis.Dilation - 1 - start) / axis.Dilation));
            int end = Math.Min(axis.Kernel, Math.Max(begin, (input - start + axis.Dilation - 1) / axis.Dilation));
            taps.AddRange(i == First ? [0, axis.Kernel] : [begin, end]);
        }

        return taps.ToEquatableArray();
    }
}
