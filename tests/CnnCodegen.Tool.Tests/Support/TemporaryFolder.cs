using CnnCodegen.Tool.Tensors;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cnncodegen").FullName;

    /// <summary>The path of a file, whose folder exists.</summary>
    public string At(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string Write(string name, OnnxBuilder model)
    {
        File.WriteAllBytes(At(name), model.Proto.ToByteArray());
        return At(name);
    }

    public string Write(string name, int[] dims, params float[] values)
    {
        TensorFile.Write(At(name), "x", dims, values);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
