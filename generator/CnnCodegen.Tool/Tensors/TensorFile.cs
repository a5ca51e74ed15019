using CnnCodegen.Tool.Onnx;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tensors;

/// <summary>Files of one tensor: <c>.npy</c>, and <c>.pb</c> with a serialised ONNX <c>TensorProto</c>.</summary>
internal static class TensorFile
{
    /// <exception cref="TensorFileException">It is malformed or of another type.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Tensor Read(string path)
    {
        string extension = Extension(path);
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return extension == ".npy" ? NpyFile.Parse(bytes) : new TensorDecoder(folder: null).Decode(TensorProto.Parser.ParseFrom(bytes));
        }
        catch (TensorFileException e)
        {
            throw e.In(path);
        }
        catch (ImportException e)
        {
            throw new TensorFileException(e.Message).In(path);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TensorFileException($"the file is truncated or is not an ONNX tensor ({e.Message})").In(path);
        }
    }

    /// <exception cref="TensorFileException">The file's name does not end in <c>.npy</c> or <c>.pb</c>.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string name, IReadOnlyList<int> dims, float[] data)
    {
        bool npy = Extension(path) == ".npy";
        using FileStream file = File.Create(path);
        if (npy)
        {
            NpyFile.Write(file, dims, data);
            return;
        }

        TensorProto tensor = new() { Name = name, DataType = DataType.Float };
        tensor.Dims.AddRange(dims.Select(d => (long)d));
        tensor.RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(data.AsSpan()));
        tensor.WriteTo(file);
    }

    /// <summary>The extension, if a tensor's format goes by it.</summary>
    /// <exception cref="TensorFileException">It does not.</exception>
    public static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant() is ".npy" or ".pb"
        ? Path.GetExtension(path).ToLowerInvariant()
        : throw new TensorFileException("the file name must end in .npy or .pb").In(path);
}
