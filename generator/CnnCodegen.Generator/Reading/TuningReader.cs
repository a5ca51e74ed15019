using System.Xml.Linq;
using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// Reads what <c>cnncodegen tune</c> writes:
/// <code>{ "network": "Namespace.Class", "algorithms": { "avx2": { "conv1": "winograd4x4" } } }</code>
/// </summary>
internal static class TuningReader
{
    /// <summary>How the names of the additional files end that are tuning files.</summary>
    public const string Suffix = ".tuning.json";

    private static readonly JsonFiles Files = new(DiagnosticDescriptors.BadTuningFile);

    public static FileReading<Tuning> Read(string path, string text) => Files.Read(path, text, Parse);

    /// <summary>Gives each network its file; a second one for the same network is refused.</summary>
    public static EquatableArray<FileReading<Tuning>> Distinct(IEnumerable<FileReading<Tuning>> readings) => Files.Distinct(readings, t => (t.Network, t.File), "network");

    private static Tuning Parse(string file, XElement root)
    {
        string network = JsonFiles.Typed(root.Element("network"), "string")?.Value ?? throw new ModelException("it has no \"network\" that is a name");
        XElement algorithms = JsonFiles.Typed(root.Element("algorithms"), "object") ?? throw new ModelException("it has no \"algorithms\" that are an object");
        return new Tuning(network, file, algorithms.Elements().SelectMany(Layers).ToEquatableArray());
    }

    private static IEnumerable<TunedLayer> Layers(XElement algorithms)
    {
        string isa = JsonFiles.Name(algorithms);
        string[] known = [.. IsaSelection.Auto.Isas().Select(i => i.Key())];
        if (!known.Contains(isa)) throw new ModelException($"'{isa}' is no instruction set; {string.Join(", ", known)} are");
        if (JsonFiles.Typed(algorithms, "object") is null) throw new ModelException($"\"{isa}\" is no object with an algorithm for each layer");
        return algorithms.Elements().Select(layer => JsonFiles.Typed(layer, "string") is { } algorithm
            ? new TunedLayer(isa, JsonFiles.Name(layer), algorithm.Value)
            : throw new ModelException($"layer '{JsonFiles.Name(layer)}' for {isa} has no name of an algorithm"));
    }
}
