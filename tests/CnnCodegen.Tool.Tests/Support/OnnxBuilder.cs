using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tests.Support;

/// <summary>A small ONNX model, written down.</summary>
internal sealed class OnnxBuilder
{
    public OnnxBuilder(int opset)
    {
        Proto = new ModelProto { IrVersion = 8, Graph = new GraphProto() };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    /// <summary>A model that begins as another.</summary>
    public OnnxBuilder(OnnxBuilder other) => Proto = other.Proto.Clone();

    public ModelProto Proto { get; }

    public GraphProto Graph => Proto.Graph;

    /// <summary>A float32 input; a dimension may be a name.</summary>
    public OnnxBuilder Input(string name, params object[] dims) => Typed(name, DataType.Float, dims);

    /// <summary>An input of any type.</summary>
    public OnnxBuilder Typed(string name, DataType type, params object[] dims)
    {
        Graph.Input.Add(Value(name, type, dims));
        return this;
    }

    public OnnxBuilder Output(params string[] names)
    {
        foreach (string name in names) Graph.Output.Add(Value(name, DataType.Float, []));
        return this;
    }

    /// <summary>A float32 initializer holding 0.5, 1, 1.5 and so on.</summary>
    public OnnxBuilder Weight(string name, params int[] dims) =>
        Floats(name, dims, [.. Enumerable.Range(1, dims.Aggregate(1, (a, b) => a * b)).Select(i => i * 0.5f)]);

    public OnnxBuilder Floats(string name, int[] dims, params float[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = DataType.Float };
        tensor.Dims.AddRange(dims.Select(d => (long)d));
        tensor.FloatData.AddRange(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Integers of a type, of 8 or 32 bits, as an initializer.</summary>
    public OnnxBuilder Typed(string name, DataType type, int[] dims, params int[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = type };
        tensor.Dims.AddRange(dims.Select(d => (long)d));
        tensor.Int32Data.AddRange(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>An int64 vector as an initializer.</summary>
    public OnnxBuilder Integers(string name, params long[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        Graph.Initializer.Add(tensor);
        return this;
    }

    public OnnxBuilder Node(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Node("", opType, inputs, outputs, attributes);

    public OnnxBuilder Node(string name, string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { Name = name, OpType = opType };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.Select(a => Attribute(a.Name, a.Value)));
        Graph.Node.Add(node);
        return this;
    }

    public OnnxModel Read(string? folder = null) => OnnxModel.Parse("test.onnx", Proto.ToByteArray(), folder);

    public ImportedNetwork Import(ImportOptions? options = null) => OnnxImporter.Import(Read(), options ?? new ImportOptions("Net"));

    /// <summary>The lines of the class between <c>[Network]</c> and its name.</summary>
    public string[] Lines(ImportOptions? options = null) => Lines(Import(options));

    public static string[] Lines(ImportedNetwork network) =>
        [.. network.ClassSource().Split('\n').Where(l => l.StartsWith('[') && !l.StartsWith("[Network", StringComparison.Ordinal))];

    /// <summary>The shape of the last layer.</summary>
    public TensorShape OutputShape() => Import().Model.Nodes[^1].Shape;

    /// <summary>The message of the failed import.</summary>
    public string Error(ImportOptions? options = null) => Assert.Throws<ImportException>(() => Import(options)).Message;

    private static ValueInfoProto Value(string name, DataType type, object[] dims)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(dims.Select(d => d is int size
            ? new TensorShapeProto.Types.Dimension { DimValue = size }
            : new TensorShapeProto.Types.Dimension { DimParam = (string)d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case int i:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, i);
                break;
            case float f:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, f);
                break;
            case string s:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(s));
                break;
            case long[] ints:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(ints);
                break;
            case float[] floats:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(floats);
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, tensor);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no attribute value", nameof(value));
        }

        return attribute;
    }
}
