using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Onnx;
using Padding = CnnCodegen.Generator.Model.AutoPad;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>The attributes that convolutions and pools share.</summary>
internal static class Windows
{
    /// <param name="node">The node.</param>
    /// <param name="kernel">The kernel that the weights have; null: the attribute decides.</param>
    /// <exception cref="ImportException">An attribute is missing or contradicts another.</exception>
    public static Window Read(NodeContext node, int[]? kernel = null)
    {
        int[]? declared = node.Ints("kernel_shape");
        if (declared is not null && kernel is not null && !declared.SequenceEqual(kernel))
            throw new ImportException($"kernel_shape is ({string.Join(", ", declared)}) and the weights are for ({string.Join(", ", kernel)})");
        kernel ??= declared ?? throw new ImportException("it has no kernel_shape");

        int rank = kernel.Length;
        int[] pads = node.Ints("pads") ?? new int[2 * rank];
        if (pads.Length != 2 * rank) throw new ImportException($"pads has {pads.Length} entries; {2 * rank} are needed, all begins and then all ends");
        Padding autoPad = ReadAutoPad(node);
        if (autoPad != Padding.Explicit && pads.Any(p => p != 0)) throw new ImportException("it has both auto_pad and pads; only one of them can hold");
        return new Window(
            new(kernel),
            node.Ints("strides")?.ToEquatableArray() ?? Window.Repeat(1, rank),
            node.Ints("dilations")?.ToEquatableArray() ?? Window.Repeat(1, rank),
            pads[..rank].ToEquatableArray(),
            pads[rank..].ToEquatableArray(),
            autoPad,
            node.Int("ceil_mode", 0) != 0);
    }

    private static Padding ReadAutoPad(NodeContext node) => node.Node.Text("auto_pad", "NOTSET") switch
    {
        "NOTSET" or "" => Padding.Explicit,
        "VALID" => Padding.Valid,
        "SAME_UPPER" => Padding.SameUpper,
        "SAME_LOWER" => Padding.SameLower,
        string other => throw new ImportException($"auto_pad is '{other}'; NOTSET, VALID, SAME_UPPER and SAME_LOWER are known"),
    };
}
