namespace CnnCodegen.Tool.Onnx;

/// <summary>One node of the graph, with its attributes by name.</summary>
internal sealed class OnnxNode
{
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

    /// <exception cref="ImportException">An attribute occurs twice.</exception>
    public OnnxNode(NodeProto proto, TensorDecoder decoder)
    {
        Name = proto.Name;
        OpType = proto.OpType;
        Domain = proto.Domain == "ai.onnx" ? "" : proto.Domain;
        Inputs = [.. proto.Input];
        Outputs = [.. proto.Output];
        Tensors = new TensorAttributes(this, decoder);
        foreach (AttributeProto attribute in proto.Attribute)
            if (!_attributes.TryAdd(attribute.Name, attribute))
                throw new ImportException($"the attribute '{attribute.Name}' occurs twice").In(Label);
    }

    public string Name { get; }

    public string OpType { get; }

    /// <summary>Empty for ONNX's own operators.</summary>
    public string Domain { get; }

    /// <summary>Value names; empty for an optional input that is not there.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Value names; empty for an output that nobody reads.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The attributes that hold a tensor.</summary>
    public TensorAttributes Tensors { get; }

    /// <summary>The node as a message names it.</summary>
    public string Label => Name.Length > 0 ? $"node '{Name}' ({OpType})" : $"the {OpType} that makes '{Outputs.FirstOrDefault()}'";

    public bool Has(string name) => _attributes.ContainsKey(name);

    public long Int(string name, long missing) => Find(name, AttributeProto.Types.AttributeType.Int)?.I ?? missing;

    /// <summary>A number that must be finite.</summary>
    public float Float(string name, float missing) => Bound(name, missing) is var value && float.IsFinite(value)
        ? value
        : throw new ImportException(FormattableString.Invariant($"the attribute '{name}' is {value}; it must be finite"));

    /// <summary>A number that may be infinite.</summary>
    public float Bound(string name, float missing) => Find(name, AttributeProto.Types.AttributeType.Float)?.F ?? missing;

    public string Text(string name, string missing) => Find(name, AttributeProto.Types.AttributeType.String)?.S.ToStringUtf8() ?? missing;

    public long[]? Ints(string name) => Find(name, AttributeProto.Types.AttributeType.Ints)?.Ints.ToArray();

    public float[]? Floats(string name) => Find(name, AttributeProto.Types.AttributeType.Floats)?.Floats.ToArray();

    private AttributeProto? Find(string name, AttributeProto.Types.AttributeType type)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute)) return null;
        if (attribute.Type != type && attribute.Type != AttributeProto.Types.AttributeType.Undefined)
            throw new ImportException($"the attribute '{name}' is of type {attribute.Type}, not {type}");
        return attribute;
    }

    /// <summary>Decodes on demand: most nodes have none.</summary>
    internal sealed class TensorAttributes(OnnxNode node, TensorDecoder decoder)
    {
        public Tensor? this[string name] =>
            node.Find(name, AttributeProto.Types.AttributeType.Tensor) is { } attribute ? decoder.Decode(attribute.T ?? new TensorProto()) : null;
    }
}
