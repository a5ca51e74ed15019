using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnCodegen.Tool.Benchmarking;

/// <summary>What was measured; the members in their order are the keys of the JSON object.</summary>
internal sealed record BenchmarkResult(
    string Model, string Isa, int Threads, double MedianMs, double MinMs, double LoadMs, long WorkspaceBytes, long WeightsBytes, double P95Ms)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Number of runs behind the times.</summary>
    [JsonIgnore]
    public required int Iterations { get; init; }

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
