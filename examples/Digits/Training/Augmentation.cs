namespace CnnCodegen.Examples.Training;

/// <summary>Small random rotations, slants, changes of size and shifts, as handwriting has them.</summary>
internal static class Augmentation
{
    private const double Rotation = 12 * Math.PI / 180, Slant = 0.15, Scale = 0.12, Shift = 2;
    private const int Side = MnistData.Side;

    /// <summary>Samples <paramref name="image"/> bilinearly under a random affine map about its centre.</summary>
    public static void Distort(Random random, float[] image, float[] result)
    {
        double Uniform(double limit) => (2 * random.NextDouble() - 1) * limit;

        double angle = Uniform(Rotation), slant = Uniform(Slant), scaleX = 1 + Uniform(Scale), scaleY = 1 + Uniform(Scale);
        double xx = Math.Cos(angle) * scaleX, xy = (slant - Math.Sin(angle)) * scaleY;
        double yx = Math.Sin(angle) * scaleX, yy = Math.Cos(angle) * scaleY;
        double centre = (Side - 1) / 2.0, shiftX = centre + Uniform(Shift), shiftY = centre + Uniform(Shift);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                result[y * Side + x] = Sample(image, xx * (x - centre) + xy * (y - centre) + shiftX, yx * (x - centre) + yy * (y - centre) + shiftY);
        }
    }

    private static float Sample(float[] image, double x, double y)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), below = (float)(y - top);
        float Pixel(int x, int y) => (uint)x < Side && (uint)y < Side ? image[y * Side + x] : 0;
        return (1 - below) * ((1 - right) * Pixel(left, top) + right * Pixel(left + 1, top))
            + below * ((1 - right) * Pixel(left, top + 1) + right * Pixel(left + 1, top + 1));
    }
}
