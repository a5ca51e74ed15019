return CnnCodegen.Tool.Commands.CommandLine.Invoke(args, Console.Out, Console.Error);
