using System.CommandLine;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Commands;

/// <summary>What all commands share: a fault of the input is one line, a fault of the program says that it is one.</summary>
internal static class CommandHandler
{
    /// <summary>Exit code where the input is at fault.</summary>
    public const int Failure = 1;

    /// <summary>Exit code where the command line is at fault.</summary>
    public const int Usage = 2;

    /// <summary>Sets what the command does; it returns the exit code.</summary>
    public static Command Does(this Command command, Func<ParseResult, Terminal, int> action)
    {
        command.SetAction(result =>
        {
            Terminal terminal = new(result.InvocationConfiguration);
            try
            {
                return action(result, terminal);
            }
            catch (Exception e) when (IsExpected(e))
            {
                terminal.Notice(e.Message);
            }
            catch (Exception e)
            {
                terminal.Notice($"This is a fault of cnncodegen, not of its input; please report it with what follows.{Environment.NewLine}{e}");
            }

            return Failure;
        });
        return command;
    }

    /// <summary>Whether the message alone tells a user what to change.</summary>
    public static bool IsExpected(Exception e) => e
        is CommandException or ImportException or CompilationException { InnerException: null } or TensorFileException or WeightFileException
        or IOException or UnauthorizedAccessException;
}
