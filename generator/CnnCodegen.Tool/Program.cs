using System.CommandLine;
using CnnCodegen.Tool.Commands;

return new RootCommand("Imports, checks and times convolutional networks.") { ImportCommand.Create() }.Parse(args).Invoke();
