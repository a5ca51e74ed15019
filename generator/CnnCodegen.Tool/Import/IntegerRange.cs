using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>What integers a value may hold, each as the float that equals it; those beyond 2^24 are rounded to float32.</summary>
internal readonly record struct IntegerRange(long Low, long High)
{
    /// <summary>Up to this magnitude every integer is a float.</summary>
    public const long Exact = 1L << 24;

    /// <summary>The greatest magnitude.</summary>
    public long Bound => Math.Max(-Low, High);

    /// <summary>The integers of a type that are floats; null where the type is no integer's.</summary>
    public static IntegerRange? Of(DataType type) => type switch
    {
        DataType.Uint8 => new(byte.MinValue, byte.MaxValue),
        DataType.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
        DataType.Uint16 => new(ushort.MinValue, ushort.MaxValue),
        DataType.Int16 => new(short.MinValue, short.MaxValue),
        DataType.Uint32 or DataType.Uint64 => new(0, Exact),
        DataType.Int32 or DataType.Int64 => new(-Exact, Exact),
        _ => null,
    };

    /// <summary>The least range that holds both.</summary>
    public IntegerRange With(IntegerRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    public override string ToString() => FormattableString.Invariant($"{Low} to {High}");
}
