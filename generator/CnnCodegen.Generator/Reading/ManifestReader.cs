using System.Xml.Linq;
using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// Reads what a build writes for a weight file that is marked <c>Unroll="true"</c>, a bit for each weight, the first the lowest of its byte:
/// <code>{ "weights": "digits.safetensors", "nonZeros": { "conv1.weight": "base64" } }</code>
/// </summary>
internal static class ManifestReader
{
    /// <summary>How the names of the additional files end that are manifests.</summary>
    public const string Suffix = ".weights.json";

    private static readonly JsonFiles Files = new(DiagnosticDescriptors.BadManifest);

    public static FileReading<WeightManifest> Read(string path, string text) => Files.Read(path, text, Parse);

    /// <summary>Gives each weight file its manifest; a second one for the same file is refused.</summary>
    public static EquatableArray<FileReading<WeightManifest>> Distinct(IEnumerable<FileReading<WeightManifest>> readings) =>
        Files.Distinct(readings, m => (m.Weights, m.File), "weight file");

    private static WeightManifest Parse(string file, XElement root)
    {
        string weights = JsonFiles.Typed(root.Element("weights"), "string")?.Value ?? throw new ModelException("it has no \"weights\" that are the name of a file");
        XElement tensors = JsonFiles.Typed(root.Element("nonZeros"), "object") ?? throw new ModelException("it has no \"nonZeros\" that are an object");
        return new WeightManifest(weights, file, tensors.Elements().Select(Pattern).ToEquatableArray());
    }

    private static WeightPattern Pattern(XElement tensor)
    {
        string name = JsonFiles.Name(tensor);
        string text = JsonFiles.Typed(tensor, "string")?.Value ?? throw new ModelException($"tensor '{name}' has no text with its bits");
        try
        {
            byte[] bits = Convert.FromBase64String(text);
            return new WeightPattern(name, Enumerable.Range(0, 8 * bits.Length).Where(i => (bits[i / 8] >> (i % 8) & 1) != 0).ToEquatableArray());
        }
        catch (FormatException)
        {
            throw new ModelException($"the bits of tensor '{name}' are not in base64");
        }
    }
}
