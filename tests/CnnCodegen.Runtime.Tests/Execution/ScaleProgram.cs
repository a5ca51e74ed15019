using System.Diagnostics;
using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

/// <summary>A network written by hand: y = x * scale + 1, elementwise over 1x4x16, one scale per channel, in two steps through the workspace.</summary>
internal sealed unsafe class ScaleProgram(TargetIsa isa = TargetIsa.Portable, bool supported = true) : NetworkProgram
{
    public const int Channels = 4, Width = 16, Length = Channels * Width;

    private static readonly int[] _shape = [1, Channels, Width];

    /// <summary>Called at the start of every run.</summary>
    public Action? Started { get; set; }

    public override NetworkInfo Info { get; } = new(
        "Scale", isa,
        [new TensorInfo("x", _shape)],
        [new TensorInfo("y", _shape)],
        [new TensorInfo("scale.weight", [Channels])],
        () =>
        [
            new LayerInfo("scale", "Mul per channel", _shape, "direct", "the only one", "Mul", Length, 64, "workspace"),
            new LayerInfo("shift", "Add 1", _shape, "direct", "the only one", "Add", 0, 0, "output"),
        ],
        workspaceBytes: Length * sizeof(float),
        scratchBytes: 0,
        weightBytes: 64);

    public override bool IsSupported => supported;

    public override void Pack(WeightPacker packer) => packer.Tensor("scale.weight").CopyTo(packer.Packed(0, Channels));

    public override void Run(in Frame frame)
    {
        Started?.Invoke();
        Scale(in frame);
        Shift(in frame);
    }

    public override void Profile(in Frame frame, Span<long> timestamps)
    {
        Scale(in frame);
        timestamps[0] = Stopwatch.GetTimestamp();
        Shift(in frame);
        timestamps[1] = Stopwatch.GetTimestamp();
    }

    private static void Scale(in Frame frame) =>
        frame.Team.Run(&ScaleKernel, new Operands(frame.Inputs[0], null, frame.Weights, frame.Workspace), Channels);

    private static void Shift(in Frame frame) =>
        frame.Team.Run(&ShiftKernel, new Operands(frame.Workspace, null, null, frame.Outputs[0]), Channels);

    private static void ScaleKernel(in Operands operands, int begin, int end)
    {
        for (int i = begin * Width; i < end * Width; i++)
            ((float*)operands.Output)[i] = ((float*)operands.Input)[i] * ((float*)operands.Weights)[i / Width];
    }

    private static void ShiftKernel(in Operands operands, int begin, int end)
    {
        for (int i = begin * Width; i < end * Width; i++)
            ((float*)operands.Output)[i] = ((float*)operands.Input)[i] + 1;
    }
}
