using System.Text.Json.Nodes;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class TuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFastestAlgorithmsAreWrittenAndReadBack()
    {
        string model = Model(), file = _folder.At("Net.tuning.json");
        File.WriteAllText(file, """{ "network": "Net", "algorithms": { "sse9": { "spatial": "direct" } } }""");

        CommandRun run = CommandRun.Of("tune", model, "--isa", "portable", "-o", file);

        Assert.Equal(0, run.Code);
        JsonNode algorithms = JsonNode.Parse(File.ReadAllText(file))!["algorithms"]!;
        Assert.Equal("direct", (string?)algorithms["sse9"]!["spatial"]);
        Assert.Contains("winograd", string.Join(' ', run.Lines), StringComparison.Ordinal);
        string best = (string)algorithms["portable"]!["spatial"]!;
        CommandRun inspection = CommandRun.Of("inspect", model, "--isa", "portable", "--tuning", file);
        Assert.Contains(inspection.Lines, l => l.StartsWith("spatial", StringComparison.Ordinal) && l.Contains(" " + best, StringComparison.Ordinal) && l.Contains("measured best", StringComparison.Ordinal));
    }

    [Fact]
    public void AFileOfAnotherNetworkIsNotOverwritten()
    {
        string file = _folder.Write("Other.tuning.json", """{ "network": "Other", "algorithms": { } }""");

        CommandRun run = CommandRun.Of("tune", Model(), "--isa", "portable", "-o", file);

        Assert.Equal(1, run.Code);
        Assert.Contains("no tuning file of Net", run.Error, StringComparison.Ordinal);
        Assert.Contains("Other", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherNameIsRefused() =>
        Assert.Contains("a tuning file is called NAME.tuning.json", CommandRun.Of("tune", Model(), "-o", _folder.At("net.json")).Error, StringComparison.Ordinal);

    private string Model() => _folder.Write("Net.onnx", new OnnxBuilder(13)
        .Input("x", 1, 16, 10, 10)
        .Floats("w", [16, 16, 3, 3], [.. Enumerable.Range(0, 16 * 16 * 9).Select(i => (i % 7) - 3f)])
        .Node("Conv", ["x", "w"], ["spatial"])
        .Output("spatial"));
}
