using System.Text;

namespace CnnCodegen.Examples.Tests;

public sealed class ImageFileTests : IDisposable
{
    private static readonly NaiveDigits Network = new(Path.Combine(AppContext.BaseDirectory, "digits.safetensors"));

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("seven-gray1.png"), InlineData("seven-gray16.png"), InlineData("seven-gray-alpha.png")]
    [InlineData("seven-palette.png"), InlineData("seven-rgb.png"), InlineData("seven-rgba.png")]
    public void PngOfAnyKindIsRecognised(string name) =>
        Assert.Equal(7, Network.Classify(ImageFile.ReadDigit(Path.Combine(AppContext.BaseDirectory, "Images", name))));

    [Fact]
    public void PgmOfAnyKindShowsTheSameDigit()
    {
        var image = DigitRenderer.Render(3);
        int[] bright = Array.ConvertAll(image, ink => (int)MathF.Round(ink * 255)), dark = Array.ConvertAll(bright, value => 255 - value);

        float[][] read =
        [
            Read(Encoding.ASCII.GetBytes($"P2 # plain\n28 28\n# white\n255\n{string.Join('\n', bright)}\n")),
            Read(Encoding.ASCII.GetBytes($"P2\n28 28 255\n{string.Join(' ', dark)}")),
            Read([.. "P5\n# raw\n28 28\n255\n"u8, .. dark.Select(value => (byte)value)]),
            Read([.. "P5 28 28 65535\n"u8, .. bright.SelectMany(value => new[] { (byte)value, (byte)value })]),
        ];

        Assert.Equal(3, Network.Classify(read[0]));
        Assert.All(read, other => Assert.All(other.Zip(read[0]), pair => Assert.Equal(pair.Second, pair.First, 5e-3)));
    }

    [Fact]
    public void SizeAndPlaceOnThePageDoNotMatter()
    {
        // A seven as a page of 300 x 200 would show it, dark gray on light gray, far from the middle.
        var page = Enumerable.Repeat((byte)210, 300 * 200).ToArray();
        for (int y = 20; y < 110; y++)
        {
            int right = y < 32 ? 260 : 260 - (y - 32) / 2;
            for (int x = y < 32 ? 195 : right - 13; x < right; x++)
                page[y * 300 + x] = 70;
        }

        Assert.Equal(7, Network.Classify(Read([.. "P5 300 200 255\n"u8, .. page])));
    }

    [Theory]
    [InlineData("P5 4 4 255\n123", "ends early: 4 x 4 pixels need 16 bytes")]
    [InlineData("P2 2 2 9\n1 2 3 10", "A pixel is 10, above the largest value 9")]
    [InlineData("P2 2 2 9\n1 2 3", "Expected a pixel as a whole number at byte 14")]
    [InlineData("P2 2", "Expected the height as a whole number")]
    [InlineData("P2 2 2 70000\n1 2 3 4", "largest value is 70000")]
    [InlineData("P5 100000 100000 255\n", "100000 x 100000 pixels")]
    [InlineData("P2 2 2 9\n5 5 5 5", "blank")]
    [InlineData("GIF89a", "Expected a PGM (P2 or P5), PNG or JPEG file")]
    public void WrongFileIsExplained(string content, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Encoding.ASCII.GetBytes(content)));
        Assert.Contains(message, error.Message);
        Assert.StartsWith(_path, error.Message);
    }

    [Fact]
    public void DamagedPngIsExplained()
    {
        var content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Images", "seven-rgb.png"));
        var error = Assert.Throws<InvalidDataException>(() => Read(content[..80]));
        Assert.Contains("damaged", error.Message);
    }

    private float[] Read(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        return ImageFile.ReadDigit(_path);
    }
}
