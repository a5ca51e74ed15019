using System.Reflection;
using System.Runtime.CompilerServices;

namespace CnnCodegen.Package.Tests;

/// <summary>The package as it would be published, in a folder that is also a package source.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    /// <summary>A version that is never published, so that no other package is taken for it.</summary>
    public const string Version = "0.0.0-under-test";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cnncodegen-package");

    /// <summary>The packages that the build of this test needed, and with them all that the package depends on.</summary>
    public static string Fetched { get; } = typeof(PackageFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "NuGetPackageRoot").Value!;

    /// <summary>The package source.</summary>
    public string Source => Path.Combine(_root.FullName, "source");

    /// <summary>Where the tested package is unpacked, so that it stays out of the user's cache.</summary>
    public string Cache => Path.Combine(_root.FullName, "cache");

    /// <summary>Packs what the build of this test has built.</summary>
    public async Task InitializeAsync()
    {
        string configuration = typeof(PackageFixture).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        (int exitCode, string output) = await DotNet.Run(
            Path.Combine(Repository(), "runtime", "CnnCodegen"), "pack", "--no-build", "-c", configuration, "-o", Source, $"-p:PackageVersion={Version}");
        Assert.True(exitCode == 0, output);
    }

    /// <summary>An empty folder for a project.</summary>
    public string CreateProjectFolder(string name) => _root.CreateSubdirectory(name).FullName;

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
