using System.Text.RegularExpressions;
using CnnCodegen.Generator.Reading;

namespace CnnCodegen.Tool.Import;

/// <summary>Class names.</summary>
internal static partial class ClassName
{
    /// <summary>What no class with generated members can be called.</summary>
    private static readonly HashSet<string> Taken = [.. NetworkReader.GeneratedMembers, nameof(System), nameof(CnnCodegen)];

    /// <summary>For example <c>squeezenet-v1.0</c> gives <c>SqueezenetV10</c>.</summary>
    public static string From(string fileName)
    {
        string name = string.Concat(Words().Matches(fileName).Select(m => char.ToUpperInvariant(m.Value[0]) + m.Value[1..]));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) || Taken.Contains(name) ? "Network" + name : name;
    }

    /// <summary>The name for an ONNX file: its own, or its folder's where the file is called <c>model.onnx</c> like all the others.</summary>
    public static string OfModel(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return From(name == "model" ? folder : name);
    }

    public static bool IsValid(string name) => Identifier().IsMatch(name);

    [GeneratedRegex("[A-Za-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^[A-Z_a-z][A-Z_a-z0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
