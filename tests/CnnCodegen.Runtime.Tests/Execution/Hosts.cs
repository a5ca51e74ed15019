using CnnCodegen.Execution;
using CnnCodegen.Runtime.Tests.Weights;

namespace CnnCodegen.Runtime.Tests.Execution;

/// <summary>Loads and calls the hand-written network.</summary>
internal static unsafe class Hosts
{
    public static byte[] Weights { get; } = Safetensors.Write(("scale.weight", [4], new float[] { 1, 2, 3, 4 }));

    public static NetworkHost Open(NetworkProgram? program = null, NetworkOptions? options = null) =>
        NetworkHost.Open([program ?? new ScaleProgram()], new MemoryStream(Weights), options);

    public static void Call(NetworkHost host, ReadOnlySpan<float> x, Span<float> y)
    {
        fixed (float* input = x, output = y)
            host.Run([new Argument(input, x.Length)], [new Argument(output, y.Length)]);
    }

    public static float[] Input(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, ScaleProgram.Length).Select(_ => random.NextSingle())];
    }

    public static float[] Expected(float[] x) => [.. x.Select((value, i) => value * (1 + i / ScaleProgram.Width) + 1)];
}
