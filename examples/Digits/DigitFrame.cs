namespace CnnCodegen.Examples;

/// <summary>
/// Places a digit as MNIST does: cropped to its ink, the longer side scaled to 20 pixels,
/// in a field of 28 x 28 whose middle is the centre of mass.
/// </summary>
internal static class DigitFrame
{
    /// <summary>Rows and columns of the network's input.</summary>
    public const int Side = 28;

    private const int Box = 20;

    /// <summary>Values below this share of full ink are taken as paper when the digit's extent is measured.</summary>
    private const float InkThreshold = 0.15f;

    /// <summary>Returns 28 x 28 values of ink between 0 and 1 for an image of ink.</summary>
    /// <exception cref="InvalidDataException">The image holds no ink.</exception>
    public static float[] Fit(GrayImage ink)
    {
        var (left, top, right, bottom) = Extent(ink);
        double scale = (double)Box / Math.Max(right - left, bottom - top);
        int width = Math.Max(1, (int)Math.Round((right - left) * scale));
        int height = Math.Max(1, (int)Math.Round((bottom - top) * scale));
        var digit = new GrayImage(width, height);
        double stepX = (double)(right - left) / width, stepY = (double)(bottom - top) / height;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                digit[x, y] = Mean(ink, left + x * stepX, top + y * stepY, stepX, stepY);
        }

        return Centre(digit);
    }

    private static (int Left, int Top, int Right, int Bottom) Extent(GrayImage ink)
    {
        int left = ink.Width, top = ink.Height, right = 0, bottom = 0;
        for (int y = 0; y < ink.Height; y++)
        {
            for (int x = 0; x < ink.Width; x++)
            {
                if (ink[x, y] < InkThreshold)
                    continue;
                (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
                (top, bottom) = (Math.Min(top, y), y + 1);
            }
        }

        return right > 0 ? (left, top, right, bottom) : throw new InvalidDataException("The image holds no ink: expected one digit.");
    }

    /// <summary>The mean of a rectangle whose edges may cut through pixels.</summary>
    private static float Mean(GrayImage image, double left, double top, double width, double height)
    {
        double sum = 0;
        for (int y = (int)top; y < Math.Min(image.Height, top + height); y++)
        {
            double covered = Math.Min(y + 1, top + height) - Math.Max(y, top);
            for (int x = (int)left; x < Math.Min(image.Width, left + width); x++)
                sum += covered * (Math.Min(x + 1, left + width) - Math.Max(x, left)) * image[x, y];
        }

        return (float)(sum / (width * height));
    }

    private static float[] Centre(GrayImage digit)
    {
        double mass = 0, momentX = 0, momentY = 0;
        for (int y = 0; y < digit.Height; y++)
        {
            for (int x = 0; x < digit.Width; x++)
            {
                mass += digit[x, y];
                momentX += digit[x, y] * (x + 0.5);
                momentY += digit[x, y] * (y + 0.5);
            }
        }

        int left = Math.Clamp((int)Math.Round(Side / 2.0 - momentX / mass), 0, Side - digit.Width);
        int top = Math.Clamp((int)Math.Round(Side / 2.0 - momentY / mass), 0, Side - digit.Height);
        var field = new float[Side * Side];
        for (int y = 0; y < digit.Height; y++)
            digit.Pixels.AsSpan(y * digit.Width, digit.Width).CopyTo(field.AsSpan((top + y) * Side + left));
        return field;
    }
}
