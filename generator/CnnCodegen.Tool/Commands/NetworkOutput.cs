using System.CommandLine;
using CnnCodegen.Tool.Compression;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Models;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Commands;

/// <summary>The options of a command that writes an annotated class with a compact weight file, and what they say.</summary>
internal sealed class NetworkOutput
{
    private readonly Option<string?> _name;
    private readonly Option<string> _folder = new("--output", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => "." };

    /// <param name="command">Gets the options.</param>
    /// <param name="otherwise">What the class is called without <c>--name</c>, in words.</param>
    public NetworkOutput(Command command, string otherwise)
    {
        _name = new Option<string?>("--name", "-n") { Description = $"The class's name; otherwise {otherwise}." };
        command.Add(_name);
        command.Add(_folder);
    }

    /// <summary>The class to write.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="request">The model that is read.</param>
    /// <param name="otherwise">Its name without <c>--name</c>.</param>
    /// <exception cref="CommandException">The name is none, or the class would replace the model.</exception>
    public Target Read(ParseResult result, ModelRequest request, string otherwise)
    {
        string name = result.GetValue(_name) ?? otherwise;
        if (!ClassName.IsValid(name)) throw new CommandException($"--name {name}: this is no name for a class; letters, digits and underscores are");
        Target target = new(name, result.GetRequiredValue(_folder));
        return Path.GetFullPath(target.Source) != Path.GetFullPath(request.Path) ? target
            : throw new CommandException($"{target.Source}: this would overwrite the model; give another --name or --output");
    }

    /// <summary>A class and its folder.</summary>
    internal sealed record Target(string Name, string Folder)
    {
        /// <summary>The file of the class.</summary>
        public string Source => Path.Combine(Folder, Name + ".cs");

        private string Weights => Name + ".safetensors";

        /// <summary>The network under the name of the class.</summary>
        public ImportedNetwork Rename(ImportedNetwork network, string summary) => network with
        {
            Model = network.Model with { Type = network.Model.Type with { Name = Name, Weights = Weights } },
            Summary = summary,
        };

        /// <summary>Writes the class and its weights.</summary>
        public void Write(ImportedNetwork network, IReadOnlyDictionary<string, StoredTensor[]> stored)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(Source, network.ClassSource());
            CompactWeights.Write(Path.Combine(Folder, Weights), stored.Values.SelectMany(t => t));
        }

        /// <summary>What was written.</summary>
        public string Notice => $"{Name}.cs and {Weights} written.";
    }
}
