namespace CnnCodegen.Tool.Commands;

/// <summary>What the command line asks for cannot be done. The message says what is wrong and what to change.</summary>
internal sealed class CommandException(string message) : Exception(message);
