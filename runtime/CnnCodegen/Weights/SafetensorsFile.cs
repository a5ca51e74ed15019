using System.Buffers.Binary;
using CnnCodegen.Execution;

namespace CnnCodegen.Weights;

/// <summary>
/// A read-only view of a safetensors file: an 8-byte little-endian length, a JSON header of that length, and the
/// tensors' bytes. The whole header is checked when the file is opened. Thread-safe until it is disposed.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private const int PrefixBytes = 8;
    private const long MaxHeaderBytes = 100_000_000;

    private readonly Dictionary<string, SafetensorsTensor> _byName;
    private readonly IDisposable? _owner;
    private readonly byte* _data;
    private bool _disposed;

    private SafetensorsFile(byte* file, long length, string source, IDisposable? owner)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Weight files are little-endian; big-endian machines are not supported.");
        Source = source;
        _owner = owner;
        if (length < PrefixBytes) throw new WeightFileException(source, $"has {length} bytes, expected at least {PrefixBytes}: it is truncated");
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(file, PrefixBytes));
        long limit = Math.Min(MaxHeaderBytes, length - PrefixBytes);
        if (header > (ulong)limit)
            throw new WeightFileException(source, $"the header claims {header} bytes, expected at most {limit}: this is no safetensors file, or it is truncated");

        long data = PrefixBytes + (long)header;
        (SafetensorsTensor[] tensors, Metadata) = SafetensorsHeader.Parse(new ReadOnlySpan<byte>(file + PrefixBytes, (int)header), length - data, source);
        _byName = new Dictionary<string, SafetensorsTensor>(tensors.Length, StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in tensors) _byName.Add(tensor.Name, tensor);
        Tensors = tensors;
        _data = file + data;
    }

    private SafetensorsFile()
    {
        Source = "no weight file";
        Tensors = [];
        Metadata = new Dictionary<string, string>();
        _byName = [];
    }

    /// <summary>What a network without weights packs from: no tensors at all.</summary>
    internal static SafetensorsFile Empty() => new();

    /// <summary>The file's name, for messages.</summary>
    public string Source { get; }

    /// <summary>All tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file into memory. It must not be changed while it is open.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">It is malformed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = new(path);
        return Own(file, file.Pointer, file.Length, Path.GetFileName(path));
    }

    /// <summary>Reads a stream from its position to its end into memory.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="WeightFileException">It is malformed.</exception>
    public static SafetensorsFile Read(Stream stream, string source = "weight stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        NativeBuffer buffer = StreamReading.ReadToEnd(stream, out long length);
        return Own(buffer, buffer.Pointer, length, source);
    }

    /// <summary>Views memory that stays valid and unchanged until the file is disposed, for example an embedded resource.</summary>
    /// <param name="pointer">The first byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="WeightFileException">It is malformed.</exception>
    public static SafetensorsFile View(byte* pointer, long length, string source) => new(pointer, length, source, null);

    /// <summary>The tensor of that name, or null.</summary>
    /// <param name="name">The full name, for example <c>conv1.weight</c>.</param>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The elements of a float32 tensor, in row-major order. Valid until the file is disposed.</summary>
    /// <param name="name">The full name.</param>
    /// <exception cref="WeightFileException">There is no such tensor, it is not F32, or it has more elements than a span can hold.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public ReadOnlySpan<float> Float32(string name)
    {
        SafetensorsTensor tensor = Find(name, "F32", sizeof(float));
        int elements = (int)(tensor.Bytes / sizeof(float));
        byte* pointer = _data + tensor.Offset;
        if ((nuint)pointer % sizeof(float) == 0) return new ReadOnlySpan<float>(pointer, elements);
        // A header whose length is no multiple of four, or a tensor of bytes before this one, leaves the data unaligned.
        float[] copy = new float[elements];
        fixed (float* target = copy) Buffer.MemoryCopy(pointer, target, tensor.Bytes, tensor.Bytes);
        return copy;
    }

    /// <summary>The bytes of a tensor: its elements in row-major order, little-endian. Valid until the file is disposed.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="dtype">The element type that it must have, for example <c>U8</c>.</param>
    /// <exception cref="WeightFileException">There is no such tensor, it is of another type, or it has more bytes than a span can hold.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public ReadOnlySpan<byte> Bytes(string name, string dtype)
    {
        SafetensorsTensor tensor = Find(name, dtype, 1);
        return new ReadOnlySpan<byte>(_data + tensor.Offset, (int)tensor.Bytes);
    }

    private SafetensorsTensor Find(string name, string dtype, int unit)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SafetensorsTensor tensor = Find(name) ?? throw new WeightFileException(Source, name, "is missing");
        if (tensor.Dtype != dtype) throw new WeightFileException(Source, name, $"has dtype {tensor.Dtype}, expected {dtype}");
        long units = tensor.Bytes / unit;
        if (units <= Array.MaxLength) return tensor;
        throw new WeightFileException(Source, name, $"has {units} {(unit == 1 ? "bytes" : "elements")}, expected at most {Array.MaxLength}");
    }

    /// <summary>Unmaps the file. Spans it gave must not be used any more.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _owner?.Dispose();
    }

    private static SafetensorsFile Own(IDisposable owner, byte* pointer, long length, string source)
    {
        try
        {
            return new SafetensorsFile(pointer, length, source, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
