using System.CommandLine;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Commands;

/// <summary>The option <c>--exclude</c>.</summary>
/// <param name="description">What becomes of the layers that it names.</param>
/// <param name="kind">What layers it can name, in words.</param>
internal sealed class LayerChoice(string description, string kind)
{
    public Option<string[]> Option { get; } = new("--exclude") { Description = description, AllowMultipleArgumentsPerToken = true };

    /// <summary>The layers that it does not name.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="model">The network.</param>
    /// <param name="layers">Indices of the layers that it can name.</param>
    /// <exception cref="CommandException">It names another one.</exception>
    public int[] Without(ParseResult result, NetworkModel model, int[] layers)
    {
        string[] excluded = result.GetValue(Option) ?? [], names = [.. layers.Select(i => model.Nodes[i].Name)];
        return excluded.Except(names).FirstOrDefault() is not { } unknown ? [.. layers.Where(i => !excluded.Contains(model.Nodes[i].Name))]
            : throw new CommandException($"{Option.Name} {unknown}: no {kind} has that name; there are {string.Join(", ", names)}");
    }
}
