using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>Writes the <c>Run</c> method of kernels that are loops around independent rows.</summary>
internal static class NestWriter
{
    /// <summary>The attribute of methods with loops: compiled once, optimised.</summary>
    public const string Hot = "[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]";

    /// <summary>The method around the loop over the units.</summary>
    public static void Run(SourceWriter writer, string unit, Action body)
    {
        writer.Line($"/// <summary>Computes the units [begin, end). A unit: {unit}.</summary>");
        writer.Line(Hot);
        using (writer.Open("public static void Run(in Operands operands, int begin, int end)"))
        using (writer.Open("unchecked"))
        using (writer.Open("for (int unit = begin; unit < end; unit++)"))
            body();
    }

    /// <summary>
    /// The loops of a nest but the row's, with a pointer to the start of the row in each tensor: <paramref name="pointers"/> are their names
    /// and where the tensors start, in the order of the strides.
    /// </summary>
    public static void Run(SourceWriter writer, Nest nest, IReadOnlyList<(string Name, string Origin)> pointers, Action row)
    {
        int loops = nest.Axes.Count - 1;
        Run(writer, nest.Units > 1 ? $"one of {nest.Units} equal parts" : "all of it", () =>
        {
            Digits(writer, nest.Axes.Take(nest.UnitAxes).Select((axis, i) => ($"i{i}", axis.Extent)).ToArray());
            Stack<IDisposable> open = new();
            for (int i = nest.UnitAxes; i < loops; i++) open.Push(writer.Loop($"i{i}", nest.Axes[i].Extent));
            for (int p = 0; p < pointers.Count; p++)
                writer.Line($"byte* {pointers[p].Name} = {pointers[p].Origin}{string.Concat(Enumerable.Range(0, loops).Select(i => Step(nest.Axes[i], i, p)))};");
            row();
            while (open.Count > 0) open.Pop().Dispose();
        });
    }

    /// <summary>Takes <c>unit</c> apart into indices, the last running fastest; an index that is always 0 is left out.</summary>
    public static void Digits(SourceWriter writer, params (string Name, int Extent)[] digits)
    {
        int below = digits.Aggregate(1, (product, digit) => product * digit.Extent);
        int all = below;
        foreach ((string name, int extent) in digits)
        {
            int above = all / below;
            below /= extent;
            string quotient = below > 1 ? $"unit / {below}" : "unit";
            if (extent > 1) writer.Line($"int {name} = {quotient}{(above > 1 ? $" % {extent}" : "")};");
        }
    }

    /// <summary>An index of <see cref="Digits"/> as it is written.</summary>
    public static string Index(string name, int extent) => extent == 1 ? "0" : name;

    /// <summary>" + (index * step)", or nothing where the index is always 0.</summary>
    public static string Term(string index, int extent, long step) => extent == 1 || step == 0 ? "" : $" + ({index} * {Literals.Int(step)})";

    /// <summary>A table as static data of the assembly.</summary>
    public static void Table(SourceWriter writer, string type, string name, IReadOnlyList<string> values)
    {
        writer.Line($"private static ReadOnlySpan<{type}> {name} =>").Line("[");
        using (writer.Indent())
            for (int i = 0; i < values.Count; i += 16) writer.Line(string.Join(", ", values.Skip(i).Take(16)) + ",");
        writer.Line("];");
    }

    private static string Step(LoopAxis axis, int index, int pointer) =>
        pointer == 1 && axis.IsMapped ? $" + Map{index}[{Index($"i{index}", axis.Extent)}]"
        : Term($"i{index}", axis.Extent, axis.Strides[pointer]);
}
