using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>A tuning file, or what is wrong with it.</summary>
internal sealed record TuningReading(Tuning? Tuning, Diagnostic? Diagnostic);

/// <summary>
/// Reads what <c>cnncodegen tune</c> writes:
/// <code>{ "network": "Namespace.Class", "algorithms": { "avx2": { "conv1": "winograd4x4" } } }</code>
/// </summary>
internal static class TuningReader
{
    /// <summary>How the names of the additional files end that are tuning files.</summary>
    public const string Suffix = ".tuning.json";

    public static TuningReading Read(string path, string text)
    {
        string file = Path.GetFileName(path);
        try
        {
            return new TuningReading(Parse(file, text), null);
        }
        catch (XmlException exception)
        {
            return Refuse(file, $"it is no JSON ({exception.Message.TrimEnd('.')})");
        }
        catch (ModelException exception)
        {
            return Refuse(file, exception.Message);
        }
    }

    /// <summary>Gives each network its file; a second one for the same network is refused.</summary>
    public static EquatableArray<TuningReading> Distinct(IEnumerable<TuningReading> readings)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        return readings.OrderBy(r => r.Tuning?.File, StringComparer.Ordinal).Select(reading =>
        {
            if (reading.Tuning is not { } tuning) return reading;
            if (!files.TryGetValue(tuning.Network, out string? first))
            {
                files.Add(tuning.Network, tuning.File);
                return reading;
            }

            return Refuse(tuning.File, $"{first} is for the network {tuning.Network} too");
        }).ToEquatableArray();
    }

    private static Tuning Parse(string file, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ModelException("it is empty");
        using XmlDictionaryReader json = JsonReaderWriterFactory.CreateJsonReader(Encoding.UTF8.GetBytes(text), XmlDictionaryReaderQuotas.Max);
        XElement root = XElement.Load(json);
        string network = Typed(root.Element("network"), "string")?.Value ?? throw new ModelException("it has no \"network\" that is a name");
        XElement algorithms = Typed(root.Element("algorithms"), "object") ?? throw new ModelException("it has no \"algorithms\" that are an object");
        return new Tuning(network, file, algorithms.Elements().SelectMany(Layers).ToEquatableArray());
    }

    private static IEnumerable<TunedLayer> Layers(XElement algorithms)
    {
        string isa = Name(algorithms);
        string[] known = [.. IsaSelection.Auto.Isas().Select(i => i.Key())];
        if (!known.Contains(isa)) throw new ModelException($"'{isa}' is no instruction set; {string.Join(", ", known)} are");
        if (Typed(algorithms, "object") is null) throw new ModelException($"\"{isa}\" is no object with an algorithm for each layer");
        return algorithms.Elements().Select(layer => Typed(layer, "string") is { } algorithm
            ? new TunedLayer(isa, Name(layer), algorithm.Value)
            : throw new ModelException($"layer '{Name(layer)}' for {isa} has no name of an algorithm"));
    }

    /// <summary>The value if it is of that JSON type, which the reader writes into an attribute.</summary>
    private static XElement? Typed(XElement? value, string type) => value?.Attribute("type")?.Value == type ? value : null;

    /// <summary>The reader turns keys that are no XML names, such as <c>fire2/conv</c>, into an attribute.</summary>
    private static string Name(XElement element) => element.Attribute("item")?.Value ?? element.Name.LocalName;

    private static TuningReading Refuse(string file, string reason) =>
        new(null, Diagnostic.Create(DiagnosticDescriptors.BadTuningFile, Location.None, file, reason));
}
