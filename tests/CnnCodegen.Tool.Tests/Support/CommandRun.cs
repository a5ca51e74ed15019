using CnnCodegen.Tool.Commands;

namespace CnnCodegen.Tool.Tests.Support;

/// <summary>What one command line did.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    /// <summary>The lines of the output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static CommandRun Of(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Invoke(arguments, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the input was refused with one line that holds all <paramref name="parts"/>.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.Equal(1, Code);
        Assert.Empty(Output);
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
