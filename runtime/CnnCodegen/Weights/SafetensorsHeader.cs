namespace CnnCodegen.Weights;

/// <summary>
/// Reads and checks the JSON header of a safetensors file. Everything is checked before any tensor is used, so that
/// what comes out can be trusted: sizes fit types and shapes, and the tensors tile the data without gap or overlap.
/// </summary>
internal ref struct SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private readonly string _source;
    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private HeaderText _text;

    private SafetensorsHeader(ReadOnlySpan<byte> header, string source)
    {
        _source = source;
        _text = new HeaderText(header);
    }

    /// <summary>The tensors in the order of their bytes, and the file's own remarks.</summary>
    /// <exception cref="WeightFileException">The header is malformed or does not describe <paramref name="dataBytes"/> bytes.</exception>
    public static (SafetensorsTensor[] Tensors, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> header, long dataBytes, string source)
    {
        SafetensorsHeader parser = new(header, source);
        try
        {
            parser.ReadEntries();
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The former is malformed JSON, the latter text that is not UTF-8.
            throw new WeightFileException(source, $"the header is not valid JSON: {e.Message}", e);
        }
        return (parser.InOrder(dataBytes), parser._metadata);
    }

    private void ReadEntries()
    {
        for (bool isFirst = true; NextName(ref isFirst, "the header") is { } name;)
        {
            if (name == MetadataKey)
            {
                ReadMetadata();
                continue;
            }
            SafetensorsTensor tensor = ReadTensor(name);
            if (!_tensors.TryAdd(name, tensor)) throw new WeightFileException(_source, name, "is listed twice");
        }
        _text.End();
    }

    private void ReadMetadata()
    {
        for (bool isFirst = true; NextName(ref isFirst, MetadataKey) is { } key;)
        {
            Expect('"', "strings only", MetadataKey);
            if (!_metadata.TryAdd(key, _text.String())) throw new WeightFileException(_source, $"{MetadataKey} holds '{key}' twice");
        }
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        string? dtype = null;
        long[]? shape = null, offsets = null;
        for (bool isFirst = true; NextName(ref isFirst, "tensor", name) is { } field;)
        {
            switch (field)
            {
                case "dtype" when dtype is null:
                    Expect('"', "a string", "the dtype of tensor", name);
                    dtype = _text.String();
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers("the shape of tensor", name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers("data_offsets of tensor", name);
                    break;
                default:
                    throw new WeightFileException(_source, name, $"field '{field}' is unknown or given twice, expected dtype, shape and data_offsets once each");
            }
        }
        if (dtype is null || shape is null || offsets is null)
            throw new WeightFileException(_source, name, "lacks one of dtype, shape and data_offsets");
        if (offsets is not [long begin, long end] || begin > end)
            throw new WeightFileException(_source, name, $"data_offsets are [{string.Join(", ", offsets)}], expected [begin, end] with begin <= end");

        SafetensorsTensor tensor = new(name, dtype, shape, begin, end - begin);
        CheckSize(tensor);
        return tensor;
    }

    private readonly void CheckSize(SafetensorsTensor tensor)
    {
        int bits = SafetensorsTensor.BitsOf(tensor.Dtype);
        if (bits == 0) throw new WeightFileException(_source, tensor.Name, $"dtype '{tensor.Dtype}' is unknown");
        long size = bits;
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            long dimension = tensor.Shape[i];
            if (dimension > 0 && size > long.MaxValue / dimension) throw new WeightFileException(_source, tensor.Name, $"the shape {tensor.ShapeText} is too large");
            size *= dimension;
        }
        if (size % 8 != 0 || size / 8 != tensor.Bytes)
            throw new WeightFileException(_source, tensor.Name, $"has {tensor.Bytes} bytes, expected {size} bits for {tensor.Dtype} {tensor.ShapeText}");
    }

    private readonly SafetensorsTensor[] InOrder(long dataBytes)
    {
        // An empty tensor comes before the one that begins at the same place.
        SafetensorsTensor[] tensors = new SafetensorsTensor[_tensors.Count];
        _tensors.Values.CopyTo(tensors, 0);
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
        return tensors;
    }

    /// <summary>Moves to the value of an object's next property and returns the property's name; null at the end of the object.</summary>
    private string? NextName(ref bool isFirst, string what, string? tensor = null)
    {
        if (isFirst) Expect('{', "an object", what, tensor);
        return _text.Next(ref isFirst, "{}") ? _text.Name() : null;
    }

    private long[] ReadIntegers(string what, string tensor)
    {
        Expect('[', "an array", what, tensor);
        // No list of numbers: the first load would have to compile it.
        long[] values = new long[4];
        int count = 0;
        for (bool isFirst = true; _text.Next(ref isFirst, "[]");)
        {
            if (_text.Integer() is not { } value) throw new WeightFileException(_source, $"{what} '{tensor}' must hold integers from 0 to {long.MaxValue}");
            if (count == values.Length) values = Resized(values, 2 * count);
            values[count++] = value;
        }
        return Resized(values, count);

        static long[] Resized(long[] values, int length)
        {
            long[] resized = new long[length];
            Array.Copy(values, resized, Math.Min(length, values.Length));
            return resized;
        }
    }

    private void Expect(char first, string expected, string what, string? tensor = null)
    {
        if (_text.Begins(first)) return;
        throw new WeightFileException(_source, $"{what}{(tensor is null ? "" : $" '{tensor}'")} must be {expected}, not {_text.Kind()}");
    }
}
