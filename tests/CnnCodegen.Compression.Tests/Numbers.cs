namespace CnnCodegen.Compression.Tests;

/// <summary>Reproducible data.</summary>
internal static class Numbers
{
    /// <summary>Uniform in [-1, 1).</summary>
    public static float[] Random(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
