namespace CnnCodegen.Benchmarks;

/// <summary>The source tree that this program was built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The program has been moved out of it.</exception>
    public static string Root
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "CnnCodegen.sln"))) return folder.FullName;
            throw new DirectoryNotFoundException($"No CnnCodegen.sln above {AppContext.BaseDirectory}");
        }
    }
}
