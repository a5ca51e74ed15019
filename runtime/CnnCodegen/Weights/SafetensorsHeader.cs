namespace CnnCodegen.Weights;

/// <summary>
/// Reads and checks the JSON header of a safetensors file. Everything is checked before any tensor is used, so that
/// what comes out can be trusted: sizes fit types and shapes, and the tensors tile the data without gap or overlap.
/// Messages are made in methods of their own: the first load compiles every method that it calls, whole.
/// </summary>
internal unsafe ref struct SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private readonly string _source;
    private readonly List<SafetensorsTensor> _tensors = [];
    private long[] _integers = new long[8];
    private HeaderText _text;

    private SafetensorsHeader(byte* header, int length, string source)
    {
        _source = source;
        _text = new HeaderText(header, length);
    }

    /// <summary>All tensors by their names.</summary>
    public readonly Dictionary<string, SafetensorsTensor> ByName = new(StringComparer.Ordinal);

    /// <summary>The file's own remarks.</summary>
    public readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal);

    /// <summary>Reads a header.</summary>
    /// <exception cref="WeightFileException">The header is malformed.</exception>
    public static SafetensorsHeader Parse(byte* header, int length, string source)
    {
        SafetensorsHeader parser = new(header, length, source);
        try
        {
            parser.ReadEntries();
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The former is malformed JSON, the latter text that is not UTF-8.
            throw NotJson(source, e);
        }
        return parser;
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    /// <exception cref="WeightFileException">They do not make up <paramref name="dataBytes"/> bytes.</exception>
    public readonly SafetensorsTensor[] InOrder(long dataBytes)
    {
        SafetensorsTensor[] tensors = _tensors.ToArray();
        long end = 0;
        int inOrder = 0;
        while (inOrder < tensors.Length && tensors[inOrder].Offset == end) end += tensors[inOrder++].Bytes;
        if (inOrder < tensors.Length || end != dataBytes) Sort(tensors, dataBytes);
        return tensors;
    }

    private void ReadEntries()
    {
        _text.Read();
        if (_text.Token != '{') throw Unexpected("an object", "the header");
        for (bool isFirst = true; _text.NextName(ref isFirst) is { } name;)
        {
            if (name == MetadataKey)
            {
                ReadMetadata();
                continue;
            }
            SafetensorsTensor tensor = ReadTensor(name);
            if (!ByName.TryAdd(name, tensor)) throw new WeightFileException(_source, name, "is listed twice");
            _tensors.Add(tensor);
        }
        _text.Read();
        _text.Require(HeaderText.End);
    }

    private void ReadMetadata()
    {
        if (_text.Token != '{') throw Unexpected("an object", MetadataKey);
        for (bool isFirst = true; _text.NextName(ref isFirst) is { } key;)
        {
            if (_text.Token != '"') throw Unexpected("strings only", MetadataKey);
            if (!Metadata.TryAdd(key, _text.Text)) throw new WeightFileException(_source, $"{MetadataKey} holds '{key}' twice");
        }
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        if (_text.Token != '{') throw Unexpected("an object", $"tensor '{name}'");
        string? dtype = null;
        long[]? shape = null, offsets = null;
        for (bool isFirst = true; _text.NextName(ref isFirst) is { } field;)
        {
            if (field == "dtype" && dtype is null)
            {
                if (_text.Token != '"') throw Unexpected("a string", "the dtype of tensor", name);
                dtype = _text.Text;
            }
            else if (field == "shape" && shape is null)
            {
                shape = ReadIntegers("the shape of tensor", name);
            }
            else if (field == "data_offsets" && offsets is null)
            {
                offsets = ReadIntegers("data_offsets of tensor", name);
            }
            else
            {
                throw UnknownField(name, field);
            }
        }
        if (dtype is null || shape is null || offsets is null)
            throw new WeightFileException(_source, name, "lacks one of dtype, shape and data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1]) throw Misplaced(name, offsets);
        CheckSize(name, dtype, shape, offsets[1] - offsets[0]);
        return new SafetensorsTensor(name, dtype, shape, offsets[0], offsets[1] - offsets[0]);
    }

    private long[] ReadIntegers(string what, string tensor)
    {
        if (_text.Token != '[') throw Unexpected("an array", what, tensor);
        int count = 0;
        for (bool isFirst = true; _text.Next(ref isFirst, ']'); count++)
        {
            if (_text.Token != '0') throw NoInteger(what, tensor);
            if (count == _integers.Length) Array.Resize(ref _integers, 2 * count);
            _integers[count] = _text.Integer;
        }
        long[] values = new long[count];
        Array.Copy(_integers, values, count);
        return values;
    }

    private readonly void CheckSize(string name, string dtype, long[] shape, long bytes)
    {
        // Nearly all are of this type.
        long bits = dtype == "F32" ? 32 : SafetensorsTensor.BitsOf(dtype), size = bits;
        bool fits = bits > 0;
        foreach (long dimension in shape)
        {
            fits = fits && (dimension == 0 || size <= long.MaxValue / dimension);
            size *= dimension;
        }
        if (!fits || size % 8 != 0 || size / 8 != bytes) throw WrongSize(new SafetensorsTensor(name, dtype, shape, 0, bytes), fits, size);
    }

    private readonly void Sort(SafetensorsTensor[] tensors, long dataBytes)
    {
        // An empty tensor comes before the one that begins at the same place.
        Array.Sort(tensors, (a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Bytes.CompareTo(b.Bytes));
        long end = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (tensor.Offset != end)
                throw new WeightFileException(_source, tensor.Name, $"begins at byte {tensor.Offset}, expected {end}: tensors must follow each other without {(tensor.Offset < end ? "overlap" : "gap")}");
            end = tensor.Offset + tensor.Bytes;
            if (end > dataBytes)
                throw new WeightFileException(_source, tensor.Name, $"ends at byte {end}, but the file holds {dataBytes} bytes of data: it is truncated");
        }
        if (end != dataBytes) throw new WeightFileException(_source, $"the tensors take {end} bytes, but the file holds {dataBytes} bytes of data");
    }

    private static WeightFileException NotJson(string source, Exception cause) => new(source, $"the header is not valid JSON: {cause.Message}", cause);

    private readonly WeightFileException Unexpected(string expected, string what, string? tensor = null) =>
        new(_source, $"{what}{(tensor is null ? "" : $" '{tensor}'")} must be {expected}, not {_text.Kind()}");

    private readonly WeightFileException NoInteger(string what, string tensor) =>
        new(_source, $"{what} '{tensor}' must hold integers from 0 to {long.MaxValue}");

    private readonly WeightFileException UnknownField(string tensor, string field) =>
        new(_source, tensor, $"field '{field}' is unknown or given twice, expected dtype, shape and data_offsets once each");

    private readonly WeightFileException Misplaced(string tensor, long[] offsets) =>
        new(_source, tensor, $"data_offsets are [{string.Join(", ", offsets)}], expected [begin, end] with begin <= end");

    private readonly WeightFileException WrongSize(SafetensorsTensor tensor, bool fits, long bits) => new(
        _source, tensor.Name,
        SafetensorsTensor.BitsOf(tensor.Dtype) == 0 ? $"dtype '{tensor.Dtype}' is unknown"
        : !fits ? $"the shape {tensor.ShapeText} is too large"
        : $"has {tensor.Bytes} bytes, expected {bits} bits for {tensor.Dtype} {tensor.ShapeText}");
}
