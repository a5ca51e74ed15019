using System.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CnnCodegen.Tool.Commands;

/// <summary>Where a command writes: results to the output, notices and progress to the error stream. Plain text where either is no terminal.</summary>
internal sealed class Terminal(InvocationConfiguration configuration)
{
    private readonly IAnsiConsole _output = Create(configuration.Output);
    private readonly IAnsiConsole _error = Create(configuration.Error);

    /// <summary>Results.</summary>
    public TextWriter Output => configuration.Output;

    /// <summary>One line of the error stream.</summary>
    public void Notice(string text) => configuration.Error.WriteLine(text);

    /// <summary>A table without rows: framed on a terminal, columns of text elsewhere.</summary>
    public Table Table(params string[] columns)
    {
        Table table = new() { Border = _output.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (string column in columns) table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    /// <summary>Writes a table or other rendered text.</summary>
    public void Write(IRenderable content) => _output.Write(content);

    /// <summary>Does something that takes a while, and says so on a terminal.</summary>
    public T Wait<T>(string what, Func<T> work) =>
        _error.Profile.Out.IsTerminal ? _error.Status().Start(Markup.Escape(what), _ => work()) : work();

    private static IAnsiConsole Create(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

        // A file is as wide as its lines.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 10_000;
        return console;
    }
}
