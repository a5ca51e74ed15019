namespace CnnCodegen.Examples.Tests;

public class DigitRendererTests
{
    private static readonly NaiveDigits Network = new(Path.Combine(AppContext.BaseDirectory, "digits.safetensors"));

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    [InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9)]
    public void PlainDigitIsRecognisedWithConfidence(int digit)
    {
        var scores = Network.Run(DigitRenderer.Render(digit));
        Assert.True(scores[digit] > 0.9, $"{digit}: {scores[digit]:0.00}");
    }

    [Fact]
    public void NearlyAllSlantsAndPensAreRecognised()
    {
        var cases =
            from digit in Enumerable.Range(0, 10)
            from slant in new[] { -0.1f, 0.1f, 0.25f }
            from thickness in new[] { 0.09f, 0.13f, 0.18f }
            select (Digit: digit, Right: Network.Classify(DigitRenderer.Render(digit, slant, thickness)) == digit);

        var wrong = cases.Where(item => !item.Right).Select(item => item.Digit).ToList();
        Assert.True(wrong.Count <= 4, $"wrong: {string.Join(' ', wrong)}");
    }

    [Fact]
    public void DigitFillsTheBoxAndIsCentredByItsMass()
    {
        var image = DigitRenderer.Render(4);
        double mass = image.Sum();
        var pixels = image.Select((ink, i) => (Ink: ink, X: i % 28 + 0.5, Y: i / 28 + 0.5)).ToList();

        Assert.Equal(20, pixels.Where(pixel => pixel.Ink > 0).Select(pixel => pixel.Y).Distinct().Count());
        Assert.InRange(pixels.Sum(pixel => pixel.Ink * pixel.X) / mass, 13.5, 14.5);
        Assert.InRange(pixels.Sum(pixel => pixel.Ink * pixel.Y) / mass, 13.5, 14.5);
        Assert.All(image, ink => Assert.InRange(ink, 0, 1));
        Assert.Contains(image, ink => ink is > 0.2f and < 0.8f);
    }

    [Fact]
    public void OnlyDigitsAreDrawn() => Assert.Throws<ArgumentOutOfRangeException>(() => DigitRenderer.Render(10));
}
