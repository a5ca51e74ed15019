using System.Text.Json;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class BenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheJsonObjectHasTheKeysThatScriptsRead()
    {
        CommandRun run = CommandRun.Of("bench", Model, "--json", "--threads", "2", "--isa", "portable", "--iterations", "3");
        Assert.Equal((0, ""), (run.Code, run.Error));
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            ["model", "isa", "threads", "median_ms", "min_ms", "load_ms", "workspace_bytes", "weights_bytes"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("Scale", "portable", 2), (json.GetProperty("model").GetString(), json.GetProperty("isa").GetString(), json.GetProperty("threads").GetInt32()));
        Assert.InRange(json.GetProperty("min_ms").GetDouble(), 0, json.GetProperty("median_ms").GetDouble());
        Assert.True(json.GetProperty("weights_bytes").GetInt64() > 0);
    }

    [Fact]
    public void TheTableTellsWhatWasMeasuredAndTheProfileEveryLayer()
    {
        CommandRun run = CommandRun.Of("bench", Model, "--profile", "--iterations", "2");
        Assert.Equal(0, run.Code);
        Assert.All(["1 thread", "2 runs", "median", "95 % within", "compile", "workspace", "scaled", "GFLOP/s"], part => Assert.Contains(part, run.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--iterations", "0")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "1025")]
    public void NumbersOutOfRangeAreRefused(string option, string value) => CommandRun.Of("bench", Model, option, value).AssertRefused(option, value);

    private string Model => _folder.Write("scale.onnx", SmallModels.Scale());
}
