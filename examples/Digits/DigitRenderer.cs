using System.Numerics;

namespace CnnCodegen.Examples;

/// <summary>Draws digits with a round pen, as input for the network.</summary>
internal static class DigitRenderer
{
    /// <summary>A pen like that of most MNIST digits.</summary>
    public const float DefaultThickness = 0.13f;

    /// <summary>Pixels per height of a glyph, before <see cref="DigitFrame"/> reduces them to smooth edges.</summary>
    private const float Resolution = 160;

    /// <summary>Returns 28 x 28 values of ink between 0 and 1.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="slant">How far the top leans to the right, as a share of the height; negative leans left.</param>
    /// <param name="thickness">The pen's diameter, as a share of the height.</param>
    /// <param name="rotation">Degrees by which the slanted digit is turned clockwise.</param>
    public static float[] Render(int digit, float slant = 0, float thickness = DefaultThickness, float rotation = 0)
    {
        var map = Matrix3x2.CreateScale(Resolution)
            * new Matrix3x2(1, 0, -slant, 1, 0, 0)
            * Matrix3x2.CreateRotation(float.DegreesToRadians(rotation));
        Vector2[][] lines = [.. Glyphs.Strokes(digit).Select(stroke => Array.ConvertAll(stroke, point => Vector2.Transform(point, map)))];
        var points = lines.SelectMany(line => line).ToList();
        float radius = Resolution * thickness / 2;
        var origin = points.Aggregate(Vector2.Min) - new Vector2(radius);
        var size = points.Aggregate(Vector2.Max) + new Vector2(radius) - origin;

        var ink = new GrayImage((int)MathF.Ceiling(size.X), (int)MathF.Ceiling(size.Y));
        foreach (var line in lines)
        {
            for (int i = 1; i < line.Length; i++)
                Draw(ink, line[i - 1] - origin, line[i] - origin, radius);
        }

        return DigitFrame.Fit(ink);
    }

    /// <summary>Inks every pixel whose centre lies within <paramref name="radius"/> of the line from a to b.</summary>
    private static void Draw(GrayImage ink, Vector2 a, Vector2 b, float radius)
    {
        Vector2 low = Vector2.Min(a, b) - new Vector2(radius), high = Vector2.Max(a, b) + new Vector2(radius);
        var direction = b - a;
        for (int y = Math.Max(0, (int)low.Y); y < Math.Min(ink.Height, high.Y); y++)
        {
            for (int x = Math.Max(0, (int)low.X); x < Math.Min(ink.Width, high.X); x++)
            {
                var pixel = new Vector2(x + 0.5f, y + 0.5f);
                float along = Math.Clamp(Vector2.Dot(pixel - a, direction) / direction.LengthSquared(), 0, 1);
                if (Vector2.DistanceSquared(pixel, a + along * direction) <= radius * radius)
                    ink[x, y] = 1;
            }
        }
    }
}
