using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Onnx;

/// <summary>Turns a <see cref="TensorProto"/> into a <see cref="Tensor"/>, checking its size before anything is allocated.</summary>
/// <param name="folder">Where external data files lie; null where a model has no folder.</param>
internal sealed class TensorDecoder(string? folder)
{
    /// <exception cref="ImportException">The type is not a number's, or the data do not fit the dimensions.</exception>
    public Tensor Decode(TensorProto proto)
    {
        try
        {
            return DecodeTensor(proto);
        }
        catch (ImportException e)
        {
            throw e.In($"tensor '{proto.Name}'");
        }
    }

    private Tensor DecodeTensor(TensorProto proto)
    {
        if (proto.Segment is not null) throw new ImportException("it is stored in segments; save the model with whole tensors");
        if (proto.Dims.Any(d => d is < 0 or > int.MaxValue))
            throw new ImportException($"its dimensions are ({string.Join(", ", proto.Dims)}); each must be between 0 and {int.MaxValue}");
        int[] dims = [.. proto.Dims.Select(d => (int)d)];
        int length = Tensor.CheckedLength(dims, IsFloat(proto.DataType));
        int width = Width(proto.DataType);

        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            return Typed(proto, FromBytes(proto.DataType, dims, ExternalData.Read(folder, proto, (long)length * width)));
        if (proto.RawData.Length > 0 || length == 0)
        {
            if (proto.RawData.Length != (long)length * width)
                throw new ImportException($"it holds {proto.RawData.Length} bytes; {TensorShape.Of(dims)} of {proto.DataType} needs {(long)length * width}");
            return Typed(proto, FromBytes(proto.DataType, dims, proto.RawData.Span));
        }

        return Typed(proto, FromFields(proto, dims, length));
    }

    private static Tensor Typed(TensorProto proto, Tensor tensor) => tensor.IsFloat ? tensor : Tensor.Of(tensor.Dims, tensor.Integers, proto.DataType);

    private static int Width(DataType type) => type switch
    {
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        _ => throw new ImportException($"its type {type} is not supported; float, integer and bool tensors are"),
    };

    private static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16;

    private static Tensor FromBytes(DataType type, int[] dims, ReadOnlySpan<byte> bytes) => type switch
    {
        DataType.Float => Tensor.Of(dims, MemoryMarshal.Cast<byte, float>(bytes).ToArray()),
        DataType.Double => Tensor.Of(dims, ReadAll(bytes, 8, b => Narrow(BinaryPrimitives.ReadDoubleLittleEndian(b)))),
        DataType.Float16 => Tensor.Of(dims, ReadAll(bytes, 2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b))),
        DataType.Bfloat16 => Tensor.Of(dims, ReadAll(bytes, 2, b => FromBfloat16(BinaryPrimitives.ReadUInt16LittleEndian(b)))),
        DataType.Uint8 or DataType.Bool => Tensor.Of(dims, ReadAll(bytes, 1, b => (long)b[0])),
        DataType.Int8 => Tensor.Of(dims, ReadAll(bytes, 1, b => (long)(sbyte)b[0])),
        DataType.Uint16 => Tensor.Of(dims, ReadAll(bytes, 2, b => (long)BinaryPrimitives.ReadUInt16LittleEndian(b))),
        DataType.Int16 => Tensor.Of(dims, ReadAll(bytes, 2, b => (long)BinaryPrimitives.ReadInt16LittleEndian(b))),
        DataType.Uint32 => Tensor.Of(dims, ReadAll(bytes, 4, b => (long)BinaryPrimitives.ReadUInt32LittleEndian(b))),
        DataType.Int32 => Tensor.Of(dims, ReadAll(bytes, 4, b => (long)BinaryPrimitives.ReadInt32LittleEndian(b))),
        DataType.Uint64 => Tensor.Of(dims, ReadAll(bytes, 8, b => Signed(BinaryPrimitives.ReadUInt64LittleEndian(b)))),
        _ => Tensor.Of(dims, MemoryMarshal.Cast<byte, long>(bytes).ToArray()),
    };

    private static Tensor FromFields(TensorProto proto, int[] dims, int length)
    {
        switch (proto.DataType)
        {
            case DataType.Float:
                return Tensor.Of(dims, Convert(proto.FloatData, "float_data", v => v));
            case DataType.Double:
                return Tensor.Of(dims, Convert(proto.DoubleData, "double_data", Narrow));
            case DataType.Float16:
                return Tensor.Of(dims, Convert(proto.Int32Data, "int32_data", v => (float)BitConverter.UInt16BitsToHalf((ushort)v)));
            case DataType.Bfloat16:
                return Tensor.Of(dims, Convert(proto.Int32Data, "int32_data", v => FromBfloat16((ushort)v)));
            case DataType.Int64:
                return Tensor.Of(dims, Convert(proto.Int64Data, "int64_data", v => v));
            case DataType.Uint32 or DataType.Uint64:
                return Tensor.Of(dims, Convert(proto.Uint64Data, "uint64_data", Signed));
            default:
                return Tensor.Of(dims, Convert(proto.Int32Data, "int32_data", v => (long)v));
        }

        TTo[] Convert<TFrom, TTo>(IList<TFrom> data, string field, Func<TFrom, TTo> convert)
        {
            if (data.Count != length)
                throw new ImportException($"{field} holds {data.Count} values; {TensorShape.Of(dims)} needs {length}");
            return [.. data.Select(convert)];
        }
    }

    private static T[] ReadAll<T>(ReadOnlySpan<byte> bytes, int width, ReadElement<T> read)
    {
        T[] result = new T[bytes.Length / width];
        for (int i = 0; i < result.Length; i++) result[i] = read(bytes.Slice(i * width, width));
        return result;
    }

    private static float FromBfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static float Narrow(double value) => (float)value == value || double.IsNaN(value)
        ? (float)value
        : throw new ImportException(FormattableString.Invariant($"the float64 value {value:R} is not a float32; export the model in float32"));

    private static long Signed(ulong value) =>
        value <= long.MaxValue ? (long)value : throw new ImportException($"the value {value} is larger than an int64");

    private delegate T ReadElement<T>(ReadOnlySpan<byte> bytes);
}
