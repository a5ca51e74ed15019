using StbImageSharp;

namespace CnnCodegen.Examples;

/// <summary>Reads a PGM, PNG or JPEG file that shows one digit, dark on light or light on dark.</summary>
internal static class ImageFile
{
    private const long MaximumBytes = 64 << 20, MaximumPixels = 64 << 20;

    /// <summary>Contrast below this is taken for an empty page.</summary>
    private const float MinimumContrast = 0.1f;

    /// <summary>Returns 28 x 28 values of ink between 0 and 1, framed like the images of MNIST.</summary>
    /// <exception cref="InvalidDataException">The file is no such image, is too large, or is blank.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static float[] ReadDigit(string path)
    {
        try
        {
            return DigitFrame.Fit(Ink(ReadBrightness(path)));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Brightness between 0 and 1; what is transparent shows white paper.</summary>
    private static GrayImage ReadBrightness(string path)
    {
        if (new FileInfo(path).Length > MaximumBytes)
            throw new InvalidDataException($"The file is larger than {MaximumBytes >> 20} MiB.");
        byte[] content = File.ReadAllBytes(path);
        return content switch
        {
            [(byte)'P', (byte)'2' or (byte)'5', ..] => Pgm.Decode(content, CheckSize),
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => Decode(content),
            _ => throw new InvalidDataException("Expected a PGM (P2 or P5), PNG or JPEG file."),
        };
    }

    private static GrayImage Decode(byte[] content)
    {
        ImageResult image;
        try
        {
            if (ImageInfo.FromStream(new MemoryStream(content)) is { } info)
                CheckSize(info.Width, info.Height);
            image = ImageResult.FromMemory(content, ColorComponents.RedGreenBlueAlpha);
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            // The decoder throws whatever its failing read ran into.
            throw new InvalidDataException($"The image is damaged or of a kind that is not supported ({error.Message}).", error);
        }

        var gray = new GrayImage(image.Width, image.Height);
        for (int i = 0; i < gray.Pixels.Length; i++)
        {
            var (red, green, blue, alpha) = (image.Data[4 * i], image.Data[4 * i + 1], image.Data[4 * i + 2], image.Data[4 * i + 3] / 255f);
            float luma = (0.299f * red + 0.587f * green + 0.114f * blue) / 255;
            gray.Pixels[i] = alpha * luma + (1 - alpha);
        }

        return gray;
    }

    private static void CheckSize(int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height > MaximumPixels)
            throw new InvalidDataException($"The image has {width} x {height} pixels; expected 1 to {MaximumPixels >> 20} million.");
    }

    /// <summary>How far each pixel differs from the paper, which the median of the border shows, towards the opposite side.</summary>
    private static GrayImage Ink(GrayImage image)
    {
        float paper = Paper(image), darkest = image.Pixels.Min(), brightest = image.Pixels.Max();
        float ink = paper - darkest > brightest - paper ? darkest : brightest;
        if (MathF.Abs(ink - paper) < MinimumContrast)
            throw new InvalidDataException("The image is blank: expected one digit that stands out from its background.");
        return image with { Pixels = Array.ConvertAll(image.Pixels, pixel => Math.Clamp((pixel - paper) / (ink - paper), 0, 1)) };
    }

    private static float Paper(GrayImage image)
    {
        var border = new List<float>();
        for (int x = 0; x < image.Width; x++)
            border.AddRange(image[x, 0], image[x, image.Height - 1]);
        for (int y = 0; y < image.Height; y++)
            border.AddRange(image[0, y], image[image.Width - 1, y]);
        border.Sort();
        return border[border.Count / 2];
    }
}
