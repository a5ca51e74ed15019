using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Planning;

/// <summary>How a value lies in memory.</summary>
internal enum Form
{
    /// <summary>Row-major, nothing between the elements: what the caller passes and gets.</summary>
    Dense,

    /// <summary>Row-major N, C, H, W with a border of zeros around each plane.</summary>
    Padded,

    /// <summary>N, C/V, H, W, V with a border of zeros around each plane; V channels, one vector, lie together.</summary>
    Blocked,

    /// <summary>N, H, W, C with one bit for each channel, 1 for +1 and 0 for -1, in whole words of 64 bits; channels there are not are 0.</summary>
    Bits,

    /// <summary>N, H, W, C with one byte for each channel, the code of a quantized value, in whole words of 32 bits.</summary>
    Codes,
}

/// <summary>Zeros kept around each plane, in pixels.</summary>
internal readonly record struct Border(int Top, int Left, int Bottom, int Right)
{
    public static Border None => default;

    public bool IsEmpty => this == default;

    public Border Max(Border other) => new(Math.Max(Top, other.Top), Math.Max(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Max(Right, other.Right));
}

/// <summary>
/// A value in a form: everything that turns an index into a byte offset. Values of rank 2 to 4 are seen as N, C, H, W
/// (missing spatial dimensions are 1, a single one is W); others have a dense form only. The model keeps byte offsets within an int.
/// </summary>
internal sealed record TensorView(TensorShape Shape, Form Form, Border Border, int Block)
{
    private const int FloatBytes = 4;

    public int N => Shape.Rank > 0 ? Shape[0] : 1;

    public int C => Shape.Rank > 1 ? Shape[1] : 1;

    public int H => Shape.Rank > 3 ? Shape[2] : 1;

    public int W => Shape.Rank > 2 ? Shape[Shape.Rank - 1] : 1;

    /// <summary>Channel blocks of an image.</summary>
    public int Blocks => IsPixelMajor ? 1 : (C + Block - 1) / Block;

    /// <summary>All channels of a pixel lie together.</summary>
    public bool IsPixelMajor => Form is Form.Bits or Form.Codes;

    /// <summary>Bytes from a pixel to the one on its right.</summary>
    public int PixelBytes => Form switch
    {
        Form.Bits => (C + 63) / 64 * 8,
        Form.Codes => (C + 3) / 4 * 4,
        _ => Block * FloatBytes,
    };

    public int RowBytes => checked((W + Border.Left + Border.Right) * PixelBytes);

    /// <summary>Bytes from a channel block to the next; without blocking, from a channel to the next.</summary>
    public int BlockBytes => checked((H + Border.Top + Border.Bottom) * RowBytes);

    /// <summary>Bytes from a channel to the next inside a block.</summary>
    public int ChannelBytes => Block > 1 ? FloatBytes : BlockBytes;

    public int ImageBytes => checked(Blocks * BlockBytes);

    /// <summary>Where the first pixel inside the border lies.</summary>
    public int OriginBytes => (Border.Top * RowBytes) + (Border.Left * PixelBytes);

    /// <summary>Bytes of the whole tensor.</summary>
    public long Bytes => Form == Form.Dense ? Shape.Elements * FloatBytes : (long)N * ImageBytes;

    public static TensorView Dense(TensorShape shape) => new(shape, Form.Dense, Border.None, 1);

    /// <summary>Whether every element lies at the same offset in both views.</summary>
    public bool IsSameMemory(TensorView other) => this == other || (!IsPixelMajor && !other.IsPixelMajor && Bytes == other.Bytes
        && Border.IsEmpty && other.Border.IsEmpty && Shape == other.Shape
        && ((Block == 1 && other.Block == 1) || (H == 1 && W == 1 && C % Block == 0 && C % other.Block == 0)));

    public string Describe() => Form switch
    {
        Form.Dense => "dense",
        Form.Padded => "NCHW" + Describe(Border),
        Form.Bits => "NHWC bits" + Describe(Border),
        Form.Codes => "NHWC bytes" + Describe(Border),
        _ => FormattableString.Invariant($"NCHW{Block}c") + Describe(Border),
    };

    private static string Describe(Border b) =>
        b.IsEmpty ? "" : FormattableString.Invariant($" border {b.Top},{b.Left},{b.Bottom},{b.Right}");
}
