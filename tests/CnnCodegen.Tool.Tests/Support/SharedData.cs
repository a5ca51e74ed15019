using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Tests.Support;

/// <summary>Third-party models with recorded outputs: the folder <c>shared/data</c> beside the repository.</summary>
internal static class SharedData
{
    public static string? Folder { get; } = Find();

    /// <summary>The folders in <paramref name="group"/> that hold a model, by name; none where the data are absent.</summary>
    public static IEnumerable<string> Models(string group) => Folder is null
        ? []
        : Directory.GetDirectories(Path.Combine(Folder, group)).Where(d => File.Exists(Path.Combine(d, "model.onnx"))).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    public static Tensor Tensor(string path) => new TensorDecoder(null).Decode(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)));

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.Parent is { } parent && Directory.Exists(Path.Combine(parent.FullName, "shared", "data")) ? Path.Combine(parent.FullName, "shared", "data") : null;
        return null;
    }
}

/// <summary>A theory over shared data, skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (SharedData.Folder is null) Skip = "needs the test data in ../shared/data beside the repository";
    }
}
