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
        if (length < PrefixBytes) throw TooShort(source, length);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(file, PrefixBytes));
        long limit = Math.Min(MaxHeaderBytes, length - PrefixBytes);
        if (headerBytes > (ulong)limit) throw TooLong(source, headerBytes, limit);

        SafetensorsHeader header = SafetensorsHeader.Parse(file + PrefixBytes, (int)headerBytes, source);
        long data = PrefixBytes + (long)headerBytes;
        Tensors = header.InOrder(length - data);
        Metadata = header.Metadata;
        _byName = header.ByName;
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
        SafetensorsTensor tensor = Checked(name, "F32", sizeof(float));
        int elements = (int)(tensor.Bytes / sizeof(float));
        byte* pointer = _data + tensor.Offset;
        if ((nuint)pointer % sizeof(float) == 0) return new ReadOnlySpan<float>(pointer, elements);
        return Aligned(pointer, elements);
    }

    /// <summary>The bytes of a tensor: its elements in row-major order, little-endian. Valid until the file is disposed.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="dtype">The element type that it must have, for example <c>U8</c>.</param>
    /// <exception cref="WeightFileException">There is no such tensor, it is of another type, or it has more bytes than a span can hold.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public ReadOnlySpan<byte> Bytes(string name, string dtype)
    {
        SafetensorsTensor tensor = Checked(name, dtype, 1);
        return new ReadOnlySpan<byte>(_data + tensor.Offset, (int)tensor.Bytes);
    }

    private SafetensorsTensor Checked(string name, string dtype, int unit)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SafetensorsTensor? tensor = Find(name);
        return tensor is not null && tensor.Dtype == dtype && tensor.Bytes / unit <= Array.MaxLength ? tensor : throw Unfit(tensor, name, dtype, unit);
    }

    /// <summary>A copy of elements that a header whose length is no multiple of four, or a tensor of bytes before this one, has left unaligned.</summary>
    private static float[] Aligned(byte* pointer, int elements)
    {
        float[] copy = new float[elements];
        fixed (float* target = copy) Buffer.MemoryCopy(pointer, target, (long)elements * sizeof(float), (long)elements * sizeof(float));
        return copy;
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

    // Messages are made apart: the first load compiles every method that it calls, whole.
    private static WeightFileException TooShort(string source, long length) => new(source, $"has {length} bytes, expected at least {PrefixBytes}: it is truncated");

    private static WeightFileException TooLong(string source, ulong header, long limit) =>
        new(source, $"the header claims {header} bytes, expected at most {limit}: this is no safetensors file, or it is truncated");

    private WeightFileException Unfit(SafetensorsTensor? tensor, string name, string dtype, int unit) => new(
        Source, name,
        tensor is null ? "is missing"
        : tensor.Dtype != dtype ? $"has dtype {tensor.Dtype}, expected {dtype}"
        : $"has {tensor.Bytes / unit} {(unit == 1 ? "bytes" : "elements")}, expected at most {Array.MaxLength}");
}
