using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Models;

namespace CnnCodegen.Tool.Commands;

/// <summary>The argument and options of the commands that compile a model.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _weights = new("--weights") { Description = "The weight file of a class; otherwise the one that it names, or NAME.safetensors, beside it." };
    private readonly Option<Dictionary<string, int>> _dims = Dims();
    private readonly Option<string> _isa = Isa();
    private readonly Option<FileInfo?> _tuning = new("--tuning") { Description = "What 'cnncodegen tune' wrote: which algorithms to use." };
    private readonly bool _runs, _tuned;

    /// <param name="command">Gets them.</param>
    /// <param name="runs">The command runs the model, which takes weights.</param>
    /// <param name="model">The argument, if it is more than a model.</param>
    /// <param name="tuned">The command takes a tuning file.</param>
    public ModelOptions(Command command, bool runs = true, Argument<string>? model = null, bool tuned = true)
    {
        Model = model ?? new Argument<string>("MODEL") { Description = "An ONNX file, or a C# file with one annotated class." };
        command.Add(Model);
        (_runs, _tuned) = (runs, tuned);
        if (runs) command.Add(_weights);
        command.Add(_dims);
        command.Add(_isa);
        if (tuned) command.Add(_tuning);
    }

    /// <summary>The file.</summary>
    public Argument<string> Model { get; }

    /// <summary>What the command line says about the model.</summary>
    public ModelRequest Read(ParseResult result, Terminal terminal) => new(
        result.GetRequiredValue(Model),
        _runs ? Isa(result, _isa, terminal) : InstructionSets.Parse(result.GetRequiredValue(_isa)),
        result.GetRequiredValue(_dims),
        result.GetValue(_weights))
    {
        Tuning = _tuned && result.GetValue(_tuning) is { } file ? TuningFile.Read(file) : null,
    };

    /// <summary>Whether sizes of dimensions are given.</summary>
    public bool HasDims(ParseResult result) => result.GetRequiredValue(_dims).Count > 0;

    /// <summary>The instruction set that the command line names; null for <c>auto</c>.</summary>
    public TargetIsa? PinnedIsa(ParseResult result) =>
        result.GetRequiredValue(_isa) is var name && name != InstructionSets.Auto ? InstructionSets.Parse(name) : null;

    /// <summary>The option <c>--isa</c>.</summary>
    public static Option<string> Isa()
    {
        Option<string> option = new("--isa") { Description = "The instruction set; auto is the best one that this CPU has.", DefaultValueFactory = _ => InstructionSets.Auto };
        return option.AcceptOnlyFromAmong(InstructionSets.Names);
    }

    /// <summary>Its value; says so where the CPU lacks the instruction set.</summary>
    public static TargetIsa Isa(ParseResult result, Option<string> option, Terminal terminal)
    {
        TargetIsa isa = InstructionSets.Parse(result.GetRequiredValue(option));
        if (!InstructionSets.IsAvailable(isa)) terminal.Notice($"This CPU lacks {InstructionSets.Name(isa)}: it is emulated, many times slower.");
        return isa;
    }

    /// <summary>The option <c>--dim</c>.</summary>
    public static Option<Dictionary<string, int>> Dims() => new("--dim")
    {
        Description = "The size of a named dimension of an ONNX file, NAME=SIZE.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseDims,
        DefaultValueFactory = _ => [],
    };

    /// <summary>The option <c>--threads</c>.</summary>
    public static Option<int> Threads() => new("--threads") { Description = "Threads that share one run.", DefaultValueFactory = _ => 1 };

    /// <summary>Its value.</summary>
    /// <exception cref="CommandException">It is out of range.</exception>
    public static int AtLeastOne(ParseResult result, Option<int> option, int most) => result.GetValue(option) is int n && n >= 1 && n <= most
        ? n
        : throw new CommandException($"{option.Name} {result.GetValue(option)}: a number from 1 to {most} is needed");

    private static Dictionary<string, int> ParseDims(ArgumentResult result)
    {
        Dictionary<string, int> dims = new(StringComparer.Ordinal);
        foreach (Token token in result.Tokens)
        {
            int equals = token.Value.LastIndexOf('=');
            bool sized = int.TryParse(token.Value.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0;
            if (equals < 1 || !sized) result.AddError($"--dim {token.Value}: NAME=SIZE is needed, with a size of at least 1");
            else if (!dims.TryAdd(token.Value[..equals], size)) result.AddError($"--dim {token.Value}: the dimension is given twice");
        }

        return dims;
    }
}
