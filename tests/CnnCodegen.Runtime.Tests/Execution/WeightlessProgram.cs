using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

/// <summary>y = -x over two elements: no weights, no workspace.</summary>
internal sealed unsafe class WeightlessProgram : NetworkProgram
{
    public override NetworkInfo Info { get; } = new("Negate", TargetIsa.Portable, [new TensorInfo("x", [1, 2])], [new TensorInfo("y", [1, 2])], [], () => [], 0, 0, 0);

    public override bool IsSupported => true;

    public override void Pack(WeightPacker packer) => Assert.Throws<ArgumentOutOfRangeException>(() => packer.Packed(0, 1).Length);

    public override void Run(in Frame frame)
    {
        for (int i = 0; i < 2; i++) ((float*)frame.Outputs[0])[i] = -((float*)frame.Inputs[0])[i];
    }

    public override void Profile(in Frame frame, Span<long> timestamps) => Run(in frame);
}
