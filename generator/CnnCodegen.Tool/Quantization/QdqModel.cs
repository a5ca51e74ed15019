using System.Runtime.InteropServices;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using Google.Protobuf;

namespace CnnCodegen.Tool.Quantization;

/// <summary>
/// Writes a network as an ONNX model in the QDQ form: a QuantizeLinear and a DequantizeLinear behind every value of codes, and a
/// DequantizeLinear behind the codes of weights (8 bits, a scale for each output channel) and biases (32 bits).
/// </summary>
internal sealed class QdqModel
{
    /// <summary>The oldest operators with all that is written, and the format of their time.</summary>
    private const int Opset = 14, IrVersion = 8;

    private readonly ImportedNetwork _network;
    private readonly GraphProto _graph = new();
    private readonly IReadOnlyList<Activation?> _grids;

    private QdqModel(ImportedNetwork network)
    {
        (_network, _grids) = (network, Grids.Of(network.Model.Nodes));
        NetworkModel model = network.Model;
        _graph.Name = model.Type.Name;
        for (int i = 0; i < model.Nodes.Count; i++) Add(model.Nodes[i], _grids[i]);
        foreach (int output in model.Outputs) _graph.Output.Add(Value(model.Nodes[output], Result(output)));
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="network">A network whose biases are integers where its weights are.</param>
    /// <exception cref="CommandException">A layer has no form in ONNX that is known here.</exception>
    public static void Write(string path, ImportedNetwork network)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, Of(network).ToByteArray());
    }

    /// <summary>Refuses a network that cannot be written, before anything is made of it.</summary>
    /// <exception cref="CommandException">Layers have no form in ONNX that is known here; the message lists them.</exception>
    public static void RequireForms(NetworkModel model)
    {
        Node[] unknown = [.. model.Nodes.Where(n => n.Layer is not (Input or Parameter or Activation { Function: ActivationKind.Quantize }) && OnnxForm.Find(n) is null)];
        if (unknown.Length > 0) throw new CommandException(string.Join('\n', unknown.Select(OnnxForm.Refusal)));
    }

    /// <inheritdoc cref="Write"/>
    public static ModelProto Of(ImportedNetwork network) => new()
    {
        IrVersion = IrVersion,
        OpsetImport = { new OperatorSetIdProto { Version = Opset } },
        Graph = new QdqModel(network)._graph,
    };

    private void Add(Node node, Activation? grid)
    {
        string[] inputs = [.. node.Inputs.Select(Result)];
        if (node.Layer is Input) _graph.Input.Add(Value(node, node.Name));
        else if (node.Layer is Parameter) AddFloats(node.Name, node.Shape.Dims.ToArray(), _network.Weight(node.Name + ".value"));
        else if (node.Layer is WeightedLayer weighted) AddWeighted(node, weighted, inputs);
        else if (node.Layer is not Activation { Function: ActivationKind.Quantize }) AddPlain(node, inputs);
        if (grid is null) return;

        if ((grid.Low, grid.High) is not ((0, byte.MaxValue) or (sbyte.MinValue, sbyte.MaxValue)))
            throw new CommandException($"{node.Name}: codes from {grid.Low} to {grid.High} cannot be written to an ONNX file, which has those of 8 bits; leave out --onnx, which writes a class instead");

        // A quantisation itself reads what it quantizes; what only moves codes is quantized once more, as engines expect it.
        string codes = node.Name + "_codes", scale = node.Name + "_scale", zero = node.Name + "_zero";
        AddFloats(scale, [], [grid.Alpha]);
        AddCodes(zero, [], [(int)grid.Beta], grid.Low < 0);
        AddNode("QuantizeLinear", [node.Layer is Activation { Function: ActivationKind.Quantize } ? inputs[0] : node.Name, scale, zero], codes);
        AddNode("DequantizeLinear", [codes, scale, zero], Dequantized(node));
    }

    /// <summary>The name of a value as its readers find it.</summary>
    private string Result(int value) => _grids[value] is null ? _network.Model.Nodes[value].Name : Dequantized(_network.Model.Nodes[value]);

    private static string Dequantized(Node node) => node.Name + "_values";

    private void AddPlain(Node node, string[] inputs)
    {
        OnnxForm form = OnnxForm.Of(node);
        List<string> all = [.. inputs];
        foreach (string suffix in form.Tensors)
        {
            (int[] shape, float[] data) = _network.Weights[$"{node.Name}.{suffix}"];
            AddFloats($"{node.Name}.{suffix}", shape, data);
            all.Add($"{node.Name}.{suffix}");
        }

        foreach ((string suffix, float bound) in form.Scalars)
        {
            AddFloats($"{node.Name}_{suffix}", [], [bound]);
            all.Add($"{node.Name}_{suffix}");
        }

        if (form.Dims is { } dims)
        {
            AddTensor(node.Name + "_shape", [dims.Length], DataType.Int64, MemoryMarshal.AsBytes<long>(dims));
            all.Add(node.Name + "_shape");
        }

        AddNode(form.Operator, all, node.Name, form.Attributes);
    }

    private void AddWeighted(Node node, WeightedLayer layer, string[] inputs)
    {
        OnnxForm form = OnnxForm.Of(node);
        List<string> all = [inputs[0]];
        if (layer is Linear && _network.Model.InputShapes(node)[0].Rank != 2)
        {
            AddNode("Flatten", inputs, node.Name + "_flat", [OnnxForm.Int("axis", 1)]);
            all = [node.Name + "_flat"];
        }

        foreach (string suffix in form.Tensors)
        {
            string name = $"{node.Name}.{suffix}";
            (int[] shape, float[] data) = _network.Weights[name];
            if (layer.Refinement is null) AddFloats(name, shape, data);
            else AddDequantized(node, suffix, shape, data);
            all.Add(name);
        }

        AddNode(form.Operator, all, node.Name, form.Attributes);
    }

    /// <summary>Weights or biases as codes with a DequantizeLinear behind them.</summary>
    private void AddDequantized(Node node, string suffix, int[] shape, float[] data)
    {
        string name = $"{node.Name}.{suffix}", codes = name + "_codes", scale = name + "_scale", zero = name + "_zero";
        float[] scales = _network.Weight($"{node.Name}.{Int8.Scales}");
        bool isBias = suffix == "bias";
        if (isBias)
        {
            float input = _grids[node.Inputs[0]]!.Alpha;
            scales = [.. scales.Select(s => s * input)];
        }

        int[] integers = [.. data.Select((x, i) => NetworkQuantizer.Code(x, scales[i / (data.Length / scales.Length)]))];
        if (isBias) AddTensor(codes, shape, DataType.Int32, MemoryMarshal.AsBytes<int>(integers));
        else AddCodes(codes, shape, integers, signed: true);
        AddFloats(scale, [scales.Length], scales);
        List<string> inputs = [codes, scale];
        if (!isBias)
        {
            AddCodes(zero, [scales.Length], new int[scales.Length], signed: true);
            inputs.Add(zero);
        }

        AddNode("DequantizeLinear", inputs, name, [OnnxForm.Int("axis", 0)]);
    }

    private void AddNode(string type, IEnumerable<string> inputs, string output, IEnumerable<AttributeProto>? attributes = null) =>
        _graph.Node.Add(new NodeProto { OpType = type, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes ?? [] } });

    private void AddFloats(string name, int[] dims, float[] data) => AddTensor(name, dims, DataType.Float, MemoryMarshal.AsBytes<float>(data));

    private void AddCodes(string name, int[] dims, int[] codes, bool signed) =>
        AddTensor(name, dims, signed ? DataType.Int8 : DataType.Uint8, [.. codes.Select(code => unchecked((byte)code))]);

    private void AddTensor(string name, int[] dims, DataType type, ReadOnlySpan<byte> data) =>
        _graph.Initializer.Add(new TensorProto { Name = name, Dims = { dims.Select(d => (long)d) }, DataType = type, RawData = ByteString.CopyFrom(data) });

    private static ValueInfoProto Value(Node node, string name)
    {
        TensorShapeProto shape = new() { Dim = { node.Shape.Dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }) } };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = DataType.Float, Shape = shape } } };
    }
}
