using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnCodegen.Generator.Reading;
using CnnCodegen.Tool.Commands;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CnnCodegen.Tool.Compilation;

/// <summary>Which algorithm each layer is to use: a file of the compilation that the generator reads.</summary>
/// <param name="path">The name in messages, which ends in <c>.tuning.json</c>.</param>
/// <param name="json">The text.</param>
internal sealed class TuningFile(string path, string json) : AdditionalText
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(json, Encoding.UTF8);

    /// <exception cref="CommandException">There is no such file, or its name is none that the generator takes.</exception>
    public static TuningFile Read(FileInfo file) =>
        !file.Exists ? throw new CommandException($"{file}: there is no such file")
        : !file.Name.EndsWith(TuningReader.Suffix, StringComparison.OrdinalIgnoreCase) ? throw new CommandException($"{file}: a tuning file is called NAME{TuningReader.Suffix}")
        : new TuningFile(file.FullName, File.ReadAllText(file.FullName));

    /// <summary>A file for one instruction set.</summary>
    /// <param name="network">The full name of the class.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="algorithms">Layers and their algorithms.</param>
    /// <param name="earlier">A file whose lines for other instruction sets are kept.</param>
    /// <exception cref="CommandException">The earlier file is for another network, or no tuning file.</exception>
    public static TuningFile Of(string network, TargetIsa isa, IEnumerable<KeyValuePair<string, string>> algorithms, TuningFile? earlier = null)
    {
        JsonObject root = earlier is null ? new JsonObject { ["network"] = network, ["algorithms"] = new JsonObject() } : earlier.ContentFor(network);
        root["algorithms"]![InstructionSets.Name(isa)] = new JsonObject(algorithms.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        return new TuningFile(network + TuningReader.Suffix, root.ToJsonString(Readable) + "\n");
    }

    /// <summary>What the file says of a network.</summary>
    /// <exception cref="CommandException">It is for another network, or no tuning file.</exception>
    public JsonObject ContentFor(string network)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject root && root["algorithms"] is JsonObject && (string?)root["network"] == network
                ? root
                : throw new CommandException($"{path}: this is no tuning file of {network}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CommandException($"{path}: this is no tuning file ({e.Message})");
        }
    }
}
