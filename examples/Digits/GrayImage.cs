namespace CnnCodegen.Examples;

/// <summary>A single-channel image, row by row from the top.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Width x Height values between 0 and 1.</param>
internal sealed record GrayImage(int Width, int Height, float[] Pixels)
{
    public GrayImage(int width, int height)
        : this(width, height, new float[width * height])
    {
    }

    public ref float this[int x, int y] => ref Pixels[y * Width + x];
}
