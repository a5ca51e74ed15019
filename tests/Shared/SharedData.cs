namespace CnnCodegen.Tests.Shared;

/// <summary>
/// Third-party test data, which lies beside the repository and not in it: <c>../shared/data</c>. Tests that read it check everything
/// else without it.
/// </summary>
internal static class SharedData
{
    /// <summary>The data folder, if there is one beside the repository that holds the running test.</summary>
    public static bool TryFind(out string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json"))) folder = folder.Parent;
        path = folder is null ? "" : Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
        return Directory.Exists(path);
    }

    /// <summary>As <see cref="TryFind(out string)"/>, and reports a missing folder to the test's output.</summary>
    public static bool TryFind(Xunit.Abstractions.ITestOutputHelper output, out string path)
    {
        bool found = TryFind(out path);
        if (!found) output.WriteLine("not run: there is no folder shared/data beside the repository");
        return found;
    }
}
