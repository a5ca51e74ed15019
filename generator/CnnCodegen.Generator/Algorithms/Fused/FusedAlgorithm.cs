using CnnCodegen.Generator.Algorithms.Depthwise;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fused;

/// <summary>
/// A direct convolution and the depthwise one that reads it, slab by slab, so that what lies between them stays in the second-level cache.
/// It claims no layer: the planner asks for each pair of layers that have these algorithms.
/// </summary>
internal sealed class FusedAlgorithm : IAlgorithm
{
    public const string Id = "fused";

    /// <summary>Bytes of a value up to which it stays in the second-level cache anyway, beside what else the two layers read and write.</summary>
    private const long NearBytes = 256 * 1024;

    /// <summary>Bytes of a slab that stay there, beside the input and the output.</summary>
    private const long SlabBytes = 384 * 1024;

    /// <summary>The share of rows that bands may compute twice.</summary>
    private const double MaxOverlap = 0.03;

    public string Name => Id;

    public bool Considers(Layer layer) => false;

    public Claim Claim(LayerContext layer) => Algorithms.Claim.Decline("it takes two layers");

    public void Emit(KernelPlan plan, SourceWriter writer) => new FusedEmitter((FusedPlan)plan, writer).Emit();

    /// <summary>The kernel of both layers; null where the value between them is small, or the first layer cannot compute it in slabs.</summary>
    /// <param name="value">The value between them.</param>
    /// <param name="producer">The kernel that writes it.</param>
    /// <param name="reader">The kernel that reads it as its input.</param>
    public static KernelCall? Fuse(TensorView value, KernelCall producer, KernelCall reader)
    {
        if (producer is not { Kernel: DirectPlan { PartialStore: false } first, Second: < 0, Source: null, Target: null }) return null;
        if (reader is not { Kernel: DepthwisePlan { Input.Origin: 0 } second } || value.Bytes <= NearBytes) return null;

        int stride = second.Input.Row / value.RowBytes, overlap = ((second.KernelH - 1) * second.TapRow / value.RowBytes) + 1 - stride;
        int plane = value.H + value.Border.Top + value.Border.Bottom;
        int rows(Cut bands) => bands.Count == 1 ? plane : Math.Min(plane, (bands.Size * second.Rows.Size * stride) + Math.Max(0, overlap));
        Cut bands = Enumerable.Range(1, second.Rows.Count)
            .Select(count => Cut.Evenly(second.Rows.Count, (second.Rows.Count + count - 1) / count))
            .FirstOrDefault(cut => (long)rows(cut) * value.RowBytes * first.Register.Blocks <= SlabBytes);
        if (bands.Count == 0 || (bands.Count - 1) * overlap > MaxOverlap * value.H) return null;
        if (bands.Count > 1 && (first.Register.Wraps || first.Register.Rows.Count != value.H)) return null;

        string suffix = $"_Slab{rows(bands)}x{first.Register.Blocks}", slab = $", by slabs of {rows(bands)} rows and {first.Register.Blocks} channel blocks.";
        int block = rows(bands) * value.RowBytes;
        Cut steps = Cut.Evenly(first.Register.Steps, bands.Count > 1 ? 1 : first.Register.Steps);
        PlaneUnits planes = second.Planes with { Bands = bands };
        first = first with
        {
            Name = first.Name + suffix,
            Summary = first.Summary.TrimEnd('.') + slab,
            Units = value.N * first.Groups * first.VectorGroups * steps.Count,
            Bands = steps,
            BandsOutside = false,
            Output = first.Output with { Image = 0, Block = block },
        };
        second = second with
        {
            Name = second.Name + suffix,
            Summary = second.Summary.TrimEnd('.') + slab,
            Units = planes.Count,
            Planes = planes,
            Input = second.Input with { Image = 0, Block = block },
        };
        FusedPlan plan = new(
            first.Isa,
            $"Conv2d_Fused_K{first.KernelH}x{first.KernelW}_K{second.KernelH}x{second.KernelW}S{stride}_{first.InChannels * first.Groups}x{value.H}x{value.W}x{value.C}{suffix}",
            $"{first.KernelH}x{first.KernelW} convolution and depthwise {second.KernelH}x{second.KernelW} convolution{slab}",
            value.N * first.Groups * first.VectorGroups * bands.Count)
        {
            First = first,
            Second = second,
            Height = value.H,
            Border = value.Border,
            PixelBytes = value.PixelBytes,
            RowBytes = value.RowBytes,
            Stride = stride,
            SlabRows = rows(bands),
            ScratchBytes = checked((int)Alignment.Up((long)block * first.Register.Blocks) + second.ScratchBytes),
        };
        return new KernelCall(plan, 0, reader.Second < 0 ? -1 : 1, new FusedRecipe(producer.Weights!, reader.Weights!));
    }
}
