using System.Diagnostics;
using CnnCodegen.Tool.Models;

namespace CnnCodegen.Benchmarks;

/// <summary>An ONNX file compiled by this project.</summary>
internal sealed class OwnEngine : IEngine
{
    private readonly LoadedModel _model;
    private readonly INetwork _network;
    private readonly ReadOnlyMemory<float>[] _inputs;
    private readonly Memory<float>[] _outputs;

    /// <param name="path">The ONNX file.</param>
    /// <param name="isa">What it is compiled for.</param>
    /// <param name="threads">Threads that share a run.</param>
    public OwnEngine(string path, TargetIsa isa, int threads)
    {
        _model = ModelLoader.Open(new ModelRequest(path, isa, new Dictionary<string, int>()));
        _network = _model.Load(threads);
        _inputs = [.. _network.Info.Inputs.Select(input => (ReadOnlyMemory<float>)Noise.Fill(input.Length))];
        _outputs = [.. _network.Info.Outputs.Select(output => (Memory<float>)new float[output.Length])];
    }

    public string Name => "CnnCodegen";

    public long RunBytes => _network.Info.WorkspaceBytes;

    /// <summary>Multiply-adds of a run, by the direct algorithm.</summary>
    public long Macs => _network.Info.Macs;

    public IReadOnlyList<double> Run(TimeSpan atLeast)
    {
        List<double> times = [];
        long begin = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            _network.Run(_inputs, _outputs);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(begin) < atLeast);
        return times;
    }

    public float[] Output() => _outputs[0].ToArray();

    /// <summary>The time of each step.</summary>
    public NetworkProfile Profile(int runs) => _network.Profile(_inputs, _outputs, runs);

    public void Dispose()
    {
        _network.Dispose();
        _model.Dispose();
    }
}
