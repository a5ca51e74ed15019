namespace CnnCodegen.Generator.Tests.Snapshots;

public sealed class SnapshotFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("snapshots");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Equal_files_agree()
    {
        Write("T.M#A.g.verified.cs", "a\nä");

        Assert.Empty(Compare(("A.g.cs", "a\nä")));
        Assert.Equal(["T.M#A.g.verified.cs"], Files());
    }

    [Fact]
    public void A_difference_is_shown_and_received()
    {
        Write("T.M#A.g.verified.cs", "a\nb\nc");

        Assert.Equal(["T.M#A.g.verified.cs: line 2 is \"x\" instead of \"b\""], Compare(("A.g.cs", "a\nx\nc")));
        Assert.Equal(["T.M#A.g.received.cs", "T.M#A.g.verified.cs"], Files());
        Assert.Equal("a\nx\nc", File.ReadAllText(Path.Combine(_directory.FullName, "T.M#A.g.received.cs")));
    }

    [Theory]
    [InlineData("\uFEFFa")]
    [InlineData("a\r\n")]
    public void Bytes_are_compared(string verified)
    {
        Write("T.M#A.verified.cs", verified);

        Assert.Single(Compare(("A.cs", verified.Trim('\uFEFF').Replace("\r", ""))));
    }

    [Fact]
    public void New_and_stale_files_are_differences()
    {
        Write("T.M#Old.verified.cs", "a");
        Write("T.M.verified.cs", "a");
        Write("T.More#Other.verified.cs", "a");

        Assert.Equal(
            ["T.M#New.verified.cs: new", "T.M#Old.verified.cs: no longer generated", "T.M.verified.cs: no longer generated"],
            Compare(("New.cs", "b")));
    }

    [Fact]
    public void Accepting_replaces_the_whole_set()
    {
        Write("T.M#Old.verified.cs", "a");
        Write("T.M#Changed.verified.cs", "a");
        Write("T.M#Changed.received.cs", "b");

        Assert.Empty(Compare(accept: true, ("Changed.cs", "b"), ("New.cs", "c")));
        Assert.Equal(["T.M#Changed.verified.cs", "T.M#New.verified.cs"], Files());
        Assert.Empty(Compare(("Changed.cs", "b"), ("New.cs", "c")));
    }

    [Fact]
    public void What_was_received_before_is_removed()
    {
        Write("T.M#A.verified.cs", "a");
        Write("T.M#A.received.cs", "b");
        Write("T.M#B.received.cs", "b");

        Assert.Empty(Compare(("A.cs", "a")));
        Assert.Equal(["T.M#A.verified.cs"], Files());
    }

    [Fact]
    public void Folders_of_a_hint_become_part_of_the_name() => Assert.Equal("Net-Conv.g", SnapshotFiles.NameOf("Net/Conv.g.cs"));

    [Fact]
    public void Two_hints_of_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => Compare(("a/B.cs", ""), ("A-b.cs", "")));

    [Fact]
    public async Task A_test_finds_its_files_beside_it()
    {
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "Snapshots"));
        Write("Snapshots/MyTests.Works#A.verified.cs", "a");

        await SnapshotVerifier.Verify([("A.cs", "a")], "Works", Path.Combine(_directory.FullName, "MyTests.cs"));

        Assert.Equal("MyTests.Works#A.verified.cs", Assert.Single(_directory.EnumerateFiles("*", SearchOption.AllDirectories)).Name);
    }

    [Fact]
    public void A_difference_fails_the_test() => Assert.EndsWith(
        "differ from the accepted ones; CNN_ACCEPT_SNAPSHOTS=1 accepts them.\none\ntwo",
        Assert.ThrowsAny<Exception>(() => SnapshotVerifier.Require("T.M", ["one", "two"])).Message);

    private IReadOnlyList<string> Compare(params (string Hint, string Text)[] files) => Compare(false, files);

    private IReadOnlyList<string> Compare(bool accept, params (string Hint, string Text)[] files) =>
        new SnapshotFiles(_directory.FullName, "T.M").Compare(files, accept);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory.FullName, name), text);

    private IEnumerable<string> Files() => _directory.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal);
}
