using System.Runtime.CompilerServices;

namespace CnnCodegen.Generator.Tests.Snapshots;

/// <summary>
/// Compares generated files with the accepted ones in the folder <c>Snapshots</c> beside the test. On a difference the
/// generated file is written as <c>.received.cs</c>; look at it, and accept everything with
/// <c>CNN_ACCEPT_SNAPSHOTS=1 dotnet test</c>. With the build property <c>CnnVerify=true</c> the same calls run on
/// Verify.Xunit and the same files.
/// </summary>
internal static class SnapshotVerifier
{
    private const string AcceptVariable = "CNN_ACCEPT_SNAPSHOTS";

    /// <summary>Compares all files of a test at once; a missing or additional file is a difference too.</summary>
    /// <param name="files">The generated files.</param>
    /// <param name="test">The test's name; a theory adds what distinguishes its case.</param>
    /// <param name="testFile">The source file of the test, named after its class.</param>
    public static Task Verify(IEnumerable<(string Hint, string Text)> files, [CallerMemberName] string test = "", [CallerFilePath] string testFile = "")
    {
        string name = Path.GetFileNameWithoutExtension(testFile) + "." + test;
#if CNN_VERIFY
        VerifyTests.VerifySettings settings = new();
        settings.UseDirectory(nameof(Snapshots));
        settings.UseFileName(name);
        return VerifyXunit.Verifier.Verify(files.Select(file => new VerifyTests.Target("cs", file.Text, SnapshotFiles.NameOf(file.Hint))), settings, testFile).ToTask();
#else
        SnapshotFiles accepted = new(Path.Combine(Path.GetDirectoryName(testFile)!, nameof(Snapshots)), name);
        IReadOnlyList<string> differences = accepted.Compare(files, accept: Environment.GetEnvironmentVariable(AcceptVariable) == "1");
        Require(name, differences);
        return Task.CompletedTask;
#endif
    }

    /// <summary>Fails the test where anything differs.</summary>
    internal static void Require(string test, IReadOnlyList<string> differences) => Assert.True(
        differences.Count == 0,
        $"The generated files of {test} differ from the accepted ones; {AcceptVariable}=1 accepts them.\n{string.Join('\n', differences)}");

#if CNN_VERIFY
    /// <summary>The accepted files have no byte order mark.</summary>
    [ModuleInitializer]
    internal static void Initialize() => VerifyTests.VerifierSettings.UseUtf8NoBom();
#endif
}
