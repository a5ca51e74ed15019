using System.Numerics;

namespace CnnCodegen.Examples;

/// <summary>The strokes of the ten digits in a box of 1 x 1, x to the right and y down, as lines through points.</summary>
internal static class Glyphs
{
    /// <summary>The strokes of <paramref name="digit"/>, each a line through at least two points.</summary>
    public static Vector2[][] Strokes(int digit) => digit switch
    {
        0 => [Arc(0.5f, 0.5f, 0.34f, 0.5f, 0, 360)],
        1 => [[new(0.58f, 0), new(0.48f, 1)]],
        2 => [[.. Arc(0.48f, 0.28f, 0.3f, 0.28f, -165, 20), .. Curve(new(0.74f, 0.42f), new(0.6f, 0.68f), new(0.4f, 0.85f), new(0.15f, 1)), new(0.88f, 0.97f)]],
        3 => [Arc(0.46f, 0.25f, 0.3f, 0.25f, -150, 90), Arc(0.46f, 0.74f, 0.34f, 0.26f, -90, 150)],
        4 => [[new(0.3f, 0.02f), new(0.14f, 0.55f), new(0.88f, 0.52f)], [new(0.74f, 0), new(0.64f, 1)]],
        5 => [[new(0.85f, 0), new(0.34f, 0.02f), new(0.27f, 0.45f), .. Arc(0.45f, 0.7f, 0.33f, 0.3f, -115, 145)]],
        6 => [[.. Curve(new(0.66f, 0), new(0.4f, 0.12f), new(0.2f, 0.45f), new(0.22f, 0.74f)), .. Arc(0.49f, 0.74f, 0.27f, 0.26f, 180, -180)]],
        7 => [[new(0.14f, 0.03f), new(0.82f, 0), new(0.42f, 1)]],
        8 => [Arc(0.5f, 0.24f, 0.24f, 0.24f, 0, 360), Arc(0.5f, 0.74f, 0.28f, 0.26f, 0, 360)],
        9 => [[.. Arc(0.47f, 0.27f, 0.27f, 0.27f, 0, -360), .. Curve(new(0.74f, 0.27f), new(0.76f, 0.5f), new(0.7f, 0.8f), new(0.6f, 1))]],
        _ => throw new ArgumentOutOfRangeException(nameof(digit), digit, "A digit lies between 0 and 9."),
    };

    /// <summary>A part of an ellipse; angles in degrees, 0 to the right, 90 downwards.</summary>
    private static Vector2[] Arc(float x, float y, float radiusX, float radiusY, float from, float to) =>
        Sample(t =>
        {
            var (sin, cos) = MathF.SinCos((from + (to - from) * t) * MathF.PI / 180);
            return new Vector2(x + radiusX * cos, y + radiusY * sin);
        });

    /// <summary>A cubic Bézier curve.</summary>
    private static Vector2[] Curve(Vector2 a, Vector2 b, Vector2 c, Vector2 d) =>
        Sample(t =>
        {
            float s = 1 - t;
            return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
        });

    private static Vector2[] Sample(Func<float, Vector2> curve) =>
        [.. Enumerable.Range(0, 33).Select(step => curve(step / 32f))];
}
