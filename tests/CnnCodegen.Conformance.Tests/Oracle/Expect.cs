using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>Comparison of oracle values with literal or recorded ones.</summary>
internal static class Expect
{
    /// <summary>Shapes are equal, and elements to <paramref name="tolerance"/> relative to the larger of 1 and the expected magnitude; NaN equals NaN.</summary>
    public static void Close(ReferenceTensor actual, int[] shape, double[] expected, double tolerance = 1e-12)
    {
        Assert.Equal(shape, actual.Shape);
        Assert.Equal(expected.Length, actual.Data.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(1, Math.Abs(expected[i]));
            bool same = actual.Data[i].Equals(expected[i]) || Math.Abs(actual.Data[i] - expected[i]) <= tolerance * scale;
            Assert.True(same, $"element {i} of {string.Join('x', shape)}: {actual.Data[i]:R}, expected {expected[i]:R}");
        }
    }

    /// <summary>Row-major elements under a shape.</summary>
    public static ReferenceTensor Tensor(int[] shape, params double[] data) => new(shape, data);

    /// <summary>1, 2, 3, ... under a shape.</summary>
    public static ReferenceTensor Counting(params int[] shape)
    {
        int next = 0;
        return ReferenceTensor.Generate(shape, _ => ++next);
    }

    /// <summary>Small integers from a fixed seed: sums of their products are exact.</summary>
    public static ReferenceTensor Integers(int seed, params int[] shape)
    {
        Random random = new(seed);
        return ReferenceTensor.Generate(shape, _ => random.Next(-8, 9));
    }
}
