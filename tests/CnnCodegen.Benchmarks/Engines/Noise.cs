namespace CnnCodegen.Benchmarks;

/// <summary>The input that every engine gets: a linear congruential generator, exact in float32 and in any language.</summary>
internal static class Noise
{
    private const uint Seed = 12345;

    /// <summary>So many numbers of [-1, 1).</summary>
    public static float[] Fill(int length)
    {
        float[] values = new float[length];
        uint x = Seed;
        foreach (ref float value in values.AsSpan())
        {
            x = (x * 1664525) + 1013904223;
            value = ((x >> 8) / 8388608f) - 1;
        }

        return values;
    }
}
