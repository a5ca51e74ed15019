using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>What an additional file of the project says, or what is wrong with it.</summary>
internal sealed record FileReading<T>(T? Content, Diagnostic? Diagnostic)
    where T : class, IEquatable<T>;

/// <summary>Reads additional files in JSON.</summary>
/// <param name="descriptor">What to report about a bad file: its name and the reason.</param>
internal sealed class JsonFiles(DiagnosticDescriptor descriptor)
{
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="parse">From its name and its root to what it says; throws <see cref="ModelException"/> where that is not as expected.</param>
    public FileReading<T> Read<T>(string path, string text, Func<string, XElement, T> parse)
        where T : class, IEquatable<T>
    {
        string file = Path.GetFileName(path);
        try
        {
            if (string.IsNullOrWhiteSpace(text)) throw new ModelException("it is empty");
            using XmlDictionaryReader json = JsonReaderWriterFactory.CreateJsonReader(Encoding.UTF8.GetBytes(text), XmlDictionaryReaderQuotas.Max);
            return new FileReading<T>(parse(file, XElement.Load(json)), null);
        }
        catch (XmlException exception)
        {
            return Refuse<T>(file, $"it is no JSON ({exception.Message.TrimEnd('.')})");
        }
        catch (ModelException exception)
        {
            return Refuse<T>(file, exception.Message);
        }
    }

    /// <summary>Gives each subject its file; a second one for the same subject is refused.</summary>
    /// <param name="readings">All files.</param>
    /// <param name="key">The subject and the name of a file.</param>
    /// <param name="subject">What it is called in the message.</param>
    public EquatableArray<FileReading<T>> Distinct<T>(IEnumerable<FileReading<T>> readings, Func<T, (string Subject, string File)> key, string subject)
        where T : class, IEquatable<T>
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        return readings.OrderBy(r => r.Content is { } content ? key(content).File : null, StringComparer.Ordinal).Select(reading =>
        {
            if (reading.Content is not { } content) return reading;
            (string name, string file) = key(content);
            if (files.TryGetValue(name, out string? first)) return Refuse<T>(file, $"{first} is for the {subject} {name} too");
            files.Add(name, file);
            return reading;
        }).ToEquatableArray();
    }

    /// <summary>The value if it is of that JSON type, which the reader writes into an attribute.</summary>
    public static XElement? Typed(XElement? value, string type) => value?.Attribute("type")?.Value == type ? value : null;

    /// <summary>The reader turns keys that are no XML names, such as <c>fire2/conv</c>, into an attribute.</summary>
    public static string Name(XElement element) => element.Attribute("item")?.Value ?? element.Name.LocalName;

    private FileReading<T> Refuse<T>(string file, string reason)
        where T : class, IEquatable<T> => new(null, Diagnostic.Create(descriptor, Location.None, file, reason));
}
