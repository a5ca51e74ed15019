using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// Networks whose generated files would have one name: it must differ in more than case, and not every letter of C# may be in it.
/// </summary>
internal static class NetworkTwins
{
    /// <summary>The full names of all networks that share the name of their files with another one, in a fixed order. Usually none.</summary>
    public static EquatableArray<string> Among(IEnumerable<NetworkType> types) => types.Select(type => type.FullName)
        .Distinct(StringComparer.Ordinal)
        .GroupBy(FileName, StringComparer.OrdinalIgnoreCase)
        .Where(twins => twins.Count() > 1)
        .SelectMany(twins => twins)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>The network with a number for its files, if it needs one.</summary>
    public static NetworkModel Number(NetworkModel model, EquatableArray<string> twins)
    {
        string name = model.Type.FullName;
        int before = twins.TakeWhile(twin => twin != name).Count(twin => StringComparer.OrdinalIgnoreCase.Equals(FileName(twin), FileName(name)));
        return twins.Contains(name) && before > 0 ? model with { Type = model.Type with { Number = before + 1 } } : model;
    }

    /// <summary>The full name with what a file's name may hold.</summary>
    public static string FileName(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
}
