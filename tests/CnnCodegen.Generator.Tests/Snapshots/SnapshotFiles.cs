using System.Text;

namespace CnnCodegen.Generator.Tests.Snapshots;

/// <summary>
/// The accepted files of one test, by Verify's convention: <c>Class.Method#name.verified.cs</c>, and <c>.received.cs</c>
/// beside it for what differs. Files are compared byte by byte and as a whole set.
/// </summary>
/// <param name="directory">Where they lie.</param>
/// <param name="test">Class.Method.</param>
internal sealed class SnapshotFiles(string directory, string test)
{
    private const string Verified = ".verified.cs", Received = ".received.cs";

    // Characters that not every file system has in names.
    private static readonly char[] Forbidden = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

    /// <summary>The name of a snapshot: the hint without its extension.</summary>
    public static string NameOf(string hint)
    {
        string name = Path.ChangeExtension(hint.Replace('\\', '/'), null);
        return string.Concat(name.Select(c => Forbidden.Contains(c) ? '-' : c));
    }

    /// <summary>Compares, or with <paramref name="accept"/> replaces, the accepted files.</summary>
    /// <returns>What differs, one line for each file; empty where all agree.</returns>
    /// <exception cref="ArgumentException">Two hints have the same name in the file system.</exception>
    public IReadOnlyList<string> Compare(IEnumerable<(string Hint, string Text)> files, bool accept)
    {
        Directory.CreateDirectory(directory);
        foreach (string path in Find(Received)) File.Delete(path);
        HashSet<string> stale = new(Find(Verified), StringComparer.OrdinalIgnoreCase);
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        List<string> differences = [];
        foreach ((string hint, string text) in files)
        {
            string path = Path.Combine(directory, $"{test}#{NameOf(hint)}");
            if (!seen.Add(path)) throw new ArgumentException($"two generated files are called '{NameOf(hint)}'; give them different hint names");
            stale.Remove(path + Verified);
            if (Difference(path + Verified, text) is not { } difference) continue;
            File.WriteAllText(path + (accept ? Verified : Received), text);
            differences.Add(difference);
        }

        foreach (string path in stale.Order(StringComparer.Ordinal))
        {
            if (accept) File.Delete(path);
            differences.Add($"{Path.GetFileName(path)}: no longer generated");
        }

        return accept ? [] : differences;
    }

    private static string? Difference(string path, string text)
    {
        if (!File.Exists(path)) return $"{Path.GetFileName(path)}: new";
        if (File.ReadAllBytes(path).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text))) return null;
        string[] verified = File.ReadAllText(path).Split('\n'), received = text.Split('\n');
        int line = verified.Zip(received).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{Path.GetFileName(path)}: line {line + 1} is \"{At(received, line)}\" instead of \"{At(verified, line)}\"";

        static string At(string[] lines, int line) => line < lines.Length ? lines[line] : "";
    }

    private IEnumerable<string> Find(string ending) => Directory.EnumerateFiles(directory, $"{test}*{ending}")
        .Where(path => Path.GetFileName(path)[test.Length] == '#' || Path.GetFileName(path) == test + ending);
}
