using Google.Protobuf;

namespace CnnCodegen.Tool.Onnx;

/// <summary>A graph input or output with its dimensions; a dimension without a number has a name, which may be empty.</summary>
/// <param name="Name">The value.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Dims">Null where the file gives no shape.</param>
internal sealed record OnnxValue(string Name, DataType Type, IReadOnlyList<(int? Size, string Symbol)>? Dims);

/// <summary>An ONNX file, read and checked: nodes in order of evaluation, every name resolvable, every tensor as large as it says.</summary>
internal sealed class OnnxModel
{
    /// <summary>The operator set versions the importer knows.</summary>
    public const int OldestOpset = 6, NewestOpset = 22;

    /// <summary>Operators that mean in every older set what they mean in the oldest one the importer knows.</summary>
    private static readonly HashSet<string> UnchangedOperators =
        ["Conv", "ConvTranspose", "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool", "Softplus", "LRN", "Transpose", "Flatten", "Softmax", "LogSoftmax"];

    private const int OldestIr = 3, NewestIr = 13;

    private OnnxModel(string fileName, ModelProto proto, string? folder)
    {
        FileName = fileName;
        if (proto.IrVersion is < OldestIr or > NewestIr)
            throw new ImportException($"the ONNX IR version is {proto.IrVersion}; versions {OldestIr} to {NewestIr} are supported. Is it an ONNX file?");
        if (proto.Graph is not { } graph) throw new ImportException("the model has no graph");
        Opset = ReadOpset(proto);
        if (graph.SparseInitializer.Count > 0) throw ImportException.Unsupported("sparse initializers are not supported; save the model with dense ones");

        TensorDecoder decoder = new(folder);
        Dictionary<string, Tensor> initializers = new(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
            if (!initializers.TryAdd(tensor.Name, decoder.Decode(tensor)))
                throw new ImportException($"the initializer '{tensor.Name}' occurs twice; value names are unique");
        Initializers = initializers;

        // Up to IR version 3 every initializer is listed as an input, too.
        Inputs = [.. graph.Input.Where(i => !initializers.ContainsKey(i.Name)).Select(ReadValue)];
        HashSet<string> given = new(initializers.Keys, StringComparer.Ordinal);
        foreach (OnnxValue input in Inputs)
            if (input.Name.Length == 0 || !given.Add(input.Name))
                throw new ImportException($"the input '{input.Name}' has no name of its own; value names are unique");

        Nodes = GraphOrder.Sort([.. graph.Node.Select(n => new OnnxNode(n, decoder))], given);
        Outputs = [.. graph.Output.Select(ReadValue)];
        given.UnionWith(Nodes.SelectMany(n => n.Outputs).Where(name => name.Length > 0));
        if (Outputs.Count == 0) throw new ImportException("the graph has no output");
        foreach (OnnxValue output in Outputs)
            if (!given.Contains(output.Name))
                throw new ImportException($"the output '{output.Name}' is made by no input, initializer or node");
    }

    /// <summary>Without its folder.</summary>
    public string FileName { get; }

    /// <summary>Version of ONNX's own operators.</summary>
    public int Opset { get; }

    /// <summary>Those without an initializer.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    public IReadOnlyDictionary<string, Tensor> Initializers { get; }

    /// <summary>A node comes behind those it reads.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <exception cref="ImportException">The file is not an ONNX model that can be imported.</exception>
    public static OnnxModel Read(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > Array.MaxLength)
                throw new ImportException("the file is larger than 2 GB; save the weights as external data").In(name);
            return Parse(name, File.ReadAllBytes(path), Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"the file cannot be read: {e.Message}").In(name);
        }
    }

    /// <summary>A model from memory.</summary>
    /// <param name="fileName">What messages call it.</param>
    /// <param name="bytes">The serialised <c>ModelProto</c>.</param>
    /// <param name="folder">Where its external data lie, if it has any.</param>
    /// <exception cref="ImportException">It is not an ONNX model that can be imported.</exception>
    public static OnnxModel Parse(string fileName, byte[] bytes, string? folder = null)
    {
        try
        {
            return new OnnxModel(fileName, ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes), folder);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ImportException($"the file is truncated or is not an ONNX model ({e.Message})").In(fileName);
        }
        catch (ImportException e)
        {
            throw e.In(fileName);
        }
    }

    private static int ReadOpset(ModelProto proto)
    {
        OperatorSetIdProto[] opsets = [.. proto.OpsetImport.Where(o => o.Domain is "" or "ai.onnx")];
        if (opsets.Length != 1) throw new ImportException("the model must import one version of the ONNX operators (opset_import)");
        bool unchanged = opsets[0].Version is >= 1 and < OldestOpset && proto.Graph is { } graph && graph.Node.All(node => UnchangedOperators.Contains(node.OpType));
        if (!unchanged && opsets[0].Version is < OldestOpset or > NewestOpset)
            throw ImportException.Unsupported($"the opset version is {opsets[0].Version}; versions {OldestOpset} to {NewestOpset} are supported. Convert the model with the ONNX version converter");
        return Math.Max((int)opsets[0].Version, OldestOpset);
    }

    private static OnnxValue ReadValue(ValueInfoProto proto)
    {
        if (proto.Type?.TensorType is not { } type) throw new ImportException($"'{proto.Name}' is not a tensor");
        List<(int? Size, string Symbol)>? dims = type.Shape is null ? null : [];
        foreach (TensorShapeProto.Types.Dimension dim in type.Shape?.Dim ?? [])
        {
            bool sized = dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue;
            if (sized && dim.DimValue > int.MaxValue) throw new ImportException($"'{proto.Name}' has a dimension of {dim.DimValue}");

            // Some exporters write an unknown dimension as 0 or -1.
            dims!.Add(sized && dim.DimValue > 0 ? ((int)dim.DimValue, "") : (null, dim.DimParam));
        }

        return new OnnxValue(proto.Name, type.ElemType, dims);
    }
}
