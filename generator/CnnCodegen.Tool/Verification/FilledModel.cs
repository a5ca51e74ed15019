using System.Runtime.InteropServices;
using System.Text;
using CnnCodegen.Tool.Onnx;
using Google.Protobuf;

namespace CnnCodegen.Tool.Verification;

/// <summary>
/// A model whose float weights are <c>ConstantOfShape</c> nodes, as the ONNX backend's light models are, with weights that depend on
/// their position in their place: element i of the tensor N mixes the FNV-1a hash of N with i. Its only output is the input of the final Softmax where
/// that is asked for.
/// </summary>
internal static class FilledModel
{
    /// <exception cref="ImportException">It is not an ONNX model that can be imported.</exception>
    public static OnnxModel Read(string path, bool beforeSoftmax)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ImportException($"the file is truncated or is not an ONNX model ({e.Message})").In(Path.GetFileName(path));
        }

        GraphProto graph = model.Graph;
        Dictionary<string, TensorProto> shapes = graph.Initializer.ToDictionary(t => t.Name);
        TensorDecoder decoder = new(folder: null);
        foreach (NodeProto node in graph.Node.Where(n => n.OpType == "ConstantOfShape" && IsFloat(n)).ToArray())
        {
            graph.Node.Remove(node);
            graph.Initializer.Add(Fill(node.Output[0], [.. decoder.Decode(shapes[node.Input[0]]).Integers.Select(d => (int)d)]));
        }

        if (beforeSoftmax)
        {
            NodeProto softmax = graph.Node.Last(n => n.OpType == "Softmax");
            graph.Output.Clear();
            graph.Output.Add(new ValueInfoProto { Name = softmax.Input[0], Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = DataType.Float } } });
        }

        return OnnxModel.Parse(Path.GetFileName(path), model.ToByteArray());
    }

    private static bool IsFloat(NodeProto node) =>
        node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is not { } value || value.DataType == DataType.Float;

    private static TensorProto Fill(string name, int[] dims)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619;

        float[] data = new float[Tensor.CheckedLength(dims, isFloat: true)];
        double scale = Math.Sqrt(6.0 / dims.Skip(1).Aggregate(1.0, (a, b) => a * b));
        for (int i = 0; i < data.Length; i++)
        {
            uint x = hash + ((uint)i * 0x9E3779B9);
            x = (x ^ (x >> 16)) * 0x85EBCA6B;
            x = (x ^ (x >> 13)) * 0xC2B2AE35;
            double u = (x ^ (x >> 16)) / 4294967296.0;
            data[i] = (float)(dims.Length >= 2 ? ((2 * u) - 1) * scale : 0.5 + (0.5 * u));
        }

        TensorProto tensor = new() { Name = name, DataType = DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(data)) };
        tensor.Dims.AddRange(dims.Select(d => (long)d));
        return tensor;
    }
}
