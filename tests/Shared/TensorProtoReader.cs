using System.Runtime.InteropServices;
using Google.Protobuf;

namespace CnnCodegen.Tests.Shared;

/// <summary>A tensor file of the ONNX test data: <paramref name="Data"/> holds floats or integers, widened.</summary>
internal sealed record ProtoTensor(string Name, int[] Shape, double[] Data)
{
    public int[] ToInt32() => Array.ConvertAll(Data, x => checked((int)x));

    public float[] ToSingle() => Array.ConvertAll(Data, x => (float)x);
}

/// <summary>Reads the parts of ONNX's <c>TensorProto</c> that hold float32, float64, int32 and int64 tensors.</summary>
internal static class TensorProtoReader
{
    private const int Float = 1, Int32 = 6, Int64 = 7, Double = 11;

    /// <exception cref="InvalidDataException">The element type is another one, or the elements do not fill the shape.</exception>
    public static ProtoTensor Read(string path)
    {
        CodedInputStream input = new(File.ReadAllBytes(path));
        List<int> shape = [];
        List<double> values = [];
        ByteString raw = ByteString.Empty;
        string name = "";
        int type = 0;
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: Repeated(() => shape.Add((int)input.ReadInt64()), WireFormat.WireType.Varint); break;
                case 2: type = input.ReadInt32(); break;
                case 4: Repeated(() => values.Add(input.ReadFloat()), WireFormat.WireType.Fixed32); break;
                case 5: Repeated(() => values.Add(input.ReadInt32()), WireFormat.WireType.Varint); break;
                case 7: Repeated(() => values.Add(input.ReadInt64()), WireFormat.WireType.Varint); break;
                case 8: name = input.ReadString(); break;
                case 9: raw = input.ReadBytes(); break;
                case 10: Repeated(() => values.Add(input.ReadDouble()), WireFormat.WireType.Fixed64); break;
                default: input.SkipLastField(); break;
            }

            // A repeated number is one field an element, or packed: one length and all elements.
            void Repeated(Action read, WireFormat.WireType single)
            {
                if (WireFormat.GetTagWireType(tag) == single)
                {
                    read();
                    return;
                }

                long end = input.ReadLength() + input.Position;
                while (input.Position < end) read();
            }
        }

        double[] data = raw.IsEmpty ? [.. values] : FromRaw(type, raw.Span);
        if (type is not (Float or Int32 or Int64 or Double) || data.Length != shape.Aggregate(1, (a, b) => a * b))
            throw new InvalidDataException($"{path}: a tensor of type {type} with {data.Length} elements in the shape {string.Join('x', shape)}");
        return new ProtoTensor(name, [.. shape], data);
    }

    private static double[] FromRaw(int type, ReadOnlySpan<byte> raw) => type switch
    {
        Float => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(raw).ToArray(), x => (double)x),
        Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw).ToArray(), x => (double)x),
        Int64 => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(raw).ToArray(), x => (double)x),
        Double => MemoryMarshal.Cast<byte, double>(raw).ToArray(),
        _ => [],
    };
}
