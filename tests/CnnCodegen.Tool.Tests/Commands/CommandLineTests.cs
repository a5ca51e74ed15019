using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Commands;

public class CommandLineTests
{
    [Theory]
    [InlineData("frob")]
    [InlineData("bench")]
    [InlineData("bench", "a.onnx", "--isa", "sse9")]
    [InlineData("bench", "a.onnx", "--json", "--profile")]
    [InlineData("verify")]
    [InlineData("verify", "x", "--atol", "much")]
    [InlineData("run", "a.onnx")]
    [InlineData("import", "a.onnx", "--dim", "N")]
    [InlineData("import", "a.onnx", "--dim", "N=0")]
    [InlineData("import", "a.onnx", "--dim", "N=1", "--dim", "N=2")]
    public void AMistakeOnTheCommandLineIsAUsageError(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal(2, run.Code);
        Assert.NotEmpty(run.Error);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("verify")]
    [InlineData("run")]
    [InlineData("bench")]
    [InlineData("inspect")]
    public void EveryCommandExplainsItself(string command)
    {
        CommandRun run = CommandRun.Of(command, "--help");
        Assert.Equal(0, run.Code);
        Assert.Contains($"cnncodegen {command} ", run.Output, StringComparison.Ordinal);
    }
}
