using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnCodegen.Tool.Benchmarking;

/// <summary>What was measured; the members in their order, up to the weights, are the keys of the JSON object.</summary>
/// <param name="Model">The class.</param>
/// <param name="Isa">The instruction set.</param>
/// <param name="Threads">Threads that shared a run.</param>
/// <param name="MedianMs">Median time of a run.</param>
/// <param name="MinMs">The fastest one.</param>
/// <param name="LoadMs">Time to read and pack the weights.</param>
/// <param name="WorkspaceBytes">Peak memory of a run besides weights, inputs and outputs.</param>
/// <param name="WeightsBytes">The packed weights.</param>
/// <param name="P95Ms">95 % of the runs took no longer.</param>
/// <param name="Iterations">Number of runs behind the times.</param>
internal sealed record BenchmarkResult(
    string Model,
    string Isa,
    int Threads,
    double MedianMs,
    double MinMs,
    double LoadMs,
    long WorkspaceBytes,
    long WeightsBytes,
    [property: JsonIgnore] double P95Ms,
    [property: JsonIgnore] int Iterations)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
