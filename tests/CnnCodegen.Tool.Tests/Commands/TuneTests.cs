using System.Text.Json.Nodes;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Tests.Commands;

public sealed class TuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFastestAlgorithmsAreWrittenAndReadBack()
    {
        string model = Model(), file = _folder.At("Net.tuning.json");
        File.WriteAllText(file, """{ "network": "Net", "algorithms": { "avx512": { "spatial": "direct" } } }""");

        CommandRun run = CommandRun.Of("tune", model, "--isa", "portable", "-o", file);

        Assert.Equal(0, run.Code);
        JsonNode algorithms = JsonNode.Parse(File.ReadAllText(file))!["algorithms"]!;
        Assert.Equal("direct", (string?)algorithms["avx512"]!["spatial"]);
        Assert.All(["direct", "winograd2x2", "winograd4x4"], tried => Assert.Contains($"Compiling with {tried}", run.Error, StringComparison.Ordinal));
        string best = (string)algorithms["portable"]!["spatial"]!;
        CommandRun inspection = CommandRun.Of("inspect", model, "--isa", "portable", "--tuning", file);
        Assert.Contains(inspection.Lines, l => l.StartsWith("spatial", StringComparison.Ordinal) && l.Contains(" " + best, StringComparison.Ordinal) && l.Contains("measured best", StringComparison.Ordinal));
    }

    [Fact]
    public void SparseKernelsAreMeasuredWhereWeightsAreSparse()
    {
        string model = _folder.Write("Net.cs", """
            using CnnCodegen;

            [Network]
            [Input("x", 16, 12, 12)]
            [Conv("spatial", 16, Kernel = 3, Padding = 1), Sparse(0.1)]
            [Linear("fc", 10), Sparse(0.1)]
            public sealed partial class Net;
            """);
        using (FileStream weights = File.Create(_folder.At("Net.safetensors")))
        {
            SafetensorsWriter.Write(weights, new (string, int[], ReadOnlyMemory<float>)[]
            {
                ("spatial.weight", [16, 16, 3, 3], new float[16 * 16 * 9]), ("spatial.bias", [16], new float[16]),
                ("fc.weight", [10, 16 * 12 * 12], new float[10 * 16 * 12 * 12]), ("fc.bias", [10], new float[10]),
            });
        }

        CommandRun run = CommandRun.Of("tune", model, "--isa", "portable", "-o", _folder.At("Net.tuning.json"));

        Assert.Contains("Compiling with sparse", run.Error, StringComparison.Ordinal);
        JsonNode algorithms = JsonNode.Parse(File.ReadAllText(_folder.At("Net.tuning.json")))!["algorithms"]!["portable"]!;
        Assert.All(["spatial", "fc"], layer => Assert.Contains((string?)algorithms[layer], new[] { "sparse", "direct", "winograd2x2", "winograd4x4" }));
    }

    [Fact]
    public void AFileOfAnotherNetworkIsNotOverwritten()
    {
        string file = _folder.Write("Other.tuning.json", """{ "network": "Other", "algorithms": { } }""");

        CommandRun run = CommandRun.Of("tune", Model(), "--isa", "portable", "-o", file);

        Assert.Equal(1, run.Code);
        Assert.Equal($"{file}: this is no tuning file of Net", run.Error.Trim());
        Assert.Contains("Other", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherNameIsRefused() =>
        Assert.Contains("a tuning file is called NAME.tuning.json", CommandRun.Of("tune", Model(), "-o", _folder.At("net.json")).Error, StringComparison.Ordinal);

    [Fact]
    public void AFileOfAnotherNetworkIsNotUsed()
    {
        string file = _folder.Write("Other.tuning.json", """{ "network": "Other", "algorithms": { } }""");

        CommandRun run = CommandRun.Of("inspect", Model(), "--isa", "portable", "--tuning", file);

        Assert.Equal((1, $"{file}: this is no tuning file of Net"), (run.Code, run.Error.Trim()));
    }

    [Fact]
    public void WithoutAChoiceNothingIsWritten()
    {
        string model = _folder.Write("Plain.onnx", new OnnxBuilder(13).Input("x", 1, 16, 10, 10).Node("Relu", ["x"], ["y"]).Output("y")), file = _folder.At("Plain.tuning.json");

        CommandRun run = CommandRun.Of("tune", model, "--isa", "portable", "-o", file);

        Assert.Equal(1, run.Code);
        Assert.Contains("Plain has no layer that several algorithms can compute", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void AKernelThatCopiesForAnotherIsNoAlgorithmOfItsOwn()
    {
        // An odd number of rows, which Strassen's algorithm does not halve.
        string model = _folder.Write("Strided.onnx", new OnnxBuilder(13)
            .Input("x", 1, 64, 18, 18)
            .Floats("w", [256, 64, 1, 1], new float[256 * 64])
            .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 }))
            .Output("y"));

        Assert.Contains("stride 2 [1/2]", CommandRun.Of("inspect", model, "--isa", "portable").Output, StringComparison.Ordinal);
        CommandRun run = CommandRun.Of("tune", model, "--isa", "portable", "-o", _folder.At("Strided.tuning.json"));
        Assert.Contains("Strided has no layer that several algorithms can compute", run.Error, StringComparison.Ordinal);
    }

    private string Model() => _folder.Write("Net.onnx", new OnnxBuilder(13)
        .Input("x", 1, 16, 10, 10)
        .Floats("w", [16, 16, 3, 3], [.. Enumerable.Range(0, 16 * 16 * 9).Select(i => (i % 7) - 3f)])
        .Node("Conv", ["x", "w"], ["spatial"])
        .Output("spatial"));
}
