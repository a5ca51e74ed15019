using System.CommandLine;
using System.CommandLine.Help;

namespace CnnCodegen.Tool.Commands;

/// <summary>The whole command line.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line; returns the exit code: 0, 1 where the input is at fault, 2 where the command line is.</summary>
    public static int Invoke(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        // A RootCommand would be called by the name of the assembly's file.
        Command root = new("cnncodegen", "Imports, checks, runs, times, tunes and compresses convolutional networks.")
        {
            new HelpOption(), new VersionOption(),
            ImportCommand.Create(), VerifyCommand.Create(), RunCommand.Create(), BenchCommand.Create(), InspectCommand.Create(), TuneCommand.Create(),
            CompressCommand.Create(), QuantizeCommand.Create(),
        };
        ParseResult result = root.Parse(args);
        int code = result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return result.Errors.Count > 0 ? CommandHandler.Usage : code;
    }
}
