using CnnCodegen.Execution;
using CnnCodegen.Runtime.Tests.Weights;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Packing;

/// <summary>What a binarised layer compares its counts with decides as the layer's definition does, for every count.</summary>
public sealed unsafe class ThresholdTests
{
    private const int Terms = 41;

    /// <summary>Biases and means on ties, beside them, and beyond all sums; weights of both signs and zero.</summary>
    public static TheoryData<float, float> Norms
    {
        get
        {
            TheoryData<float, float> data = [];
            foreach (float weight in new[] { 1f, -1, 0, -0f, 0.3f, -0.7f, 1e-30f, -1e30f, float.NaN })
                foreach (float shift in new[] { 0f, -0f, 1, -1, 0.1f, -0.3f, 1e-38f, 1e10f, -1e10f })
                    data.Add(weight, shift);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Norms))]
    public void Every_count_is_on_the_side_that_the_expression_says(float weight, float shift)
    {
        for (int most = Terms - 3; most <= Terms + 3; most++)
        {
            foreach (float mean in new[] { 0f, 1, -7, 6.5f, MathF.BitIncrement(5), MathF.BitDecrement(5), 41, -41, 43, 1000 })
            {
                foreach (float alpha in new[] { 1f, 0.25f, 0.1f, 0 })
                {
                    (Threshold threshold, Func<double, double> value) = Make(alpha, bias: 0.5f, weight, shift, mean, variance: 2);
                    int passing = threshold.Passing(most, Terms);
                    for (int differing = 0; differing <= Terms; differing++)
                    {
                        int count = threshold.Falls ? Terms - differing : differing;
                        Assert.Equal(value(most - (2 * differing)) >= 0, count < passing);
                    }
                }
            }
        }
    }

    [Fact]
    public void Zero_is_one()
    {
        (Threshold threshold, _) = Make(alpha: 1, bias: -1, weight: 1, shift: 0, mean: 0, variance: 1);
        Assert.Equal((Terms - 1) / 2, threshold.Passing(Terms, Terms) - 1);
        Assert.Equal(0, Terms - (2 * (threshold.Passing(Terms, Terms) - 1)) - 1);
    }

    [Theory]
    [InlineData(new[] { 1f, -1, 2, 2 }, null, null)]
    [InlineData(new[] { 0f, 0, -3, 3 }, null, null)]
    [InlineData(new[] { 1f, -1, 2, -2.5f }, null, "filter 1 holds 2 beside 2.5; the layer promises one magnitude with signs for each filter")]
    [InlineData(new[] { 1f, 0, 2, 2 }, null, "filter 0 holds 0 beside 1")]
    [InlineData(new[] { 1f, float.NaN, 2, 2 }, null, "filter 0 holds")]
    [InlineData(new[] { 1f, 0, 2, 0 }, 0.5, null)]
    [InlineData(new[] { 1f, 0, 2, 2 }, 0.5, "1 of 4 weights are 0; the layer promises a share of 0.5")]
    public void Weights_of_another_form_are_refused(float[] weights, double? zeros, string? problem)
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Write(("w", [2, 2], weights)));
        WeightPacker packer = new(file, [new TensorInfo("w", [2, 2])], null, 0);
        if (problem is null) packer.RequireSigns("w", 2, zeros);
        else Assert.Contains("tensor 'w': " + problem, Assert.Throws<WeightFileException>(() => packer.RequireSigns("w", 2, zeros)).Message);
    }

    [Theory]
    [InlineData(7, 100, 0.07)]
    [InlineData(29, 50, 0.58)]
    [InlineData(1, 3, 1.0 / 3)]
    public void The_promised_share_of_zeros_is_enough(int zeros, int all, double share)
    {
        float[] weights = [.. Enumerable.Repeat(0f, zeros), .. Enumerable.Repeat(-2f, all - zeros)];
        using SafetensorsFile file = Safetensors.Read(Safetensors.Write(("w", [1, all], weights)));
        WeightPacker packer = new(file, [new TensorInfo("w", [1, all])], null, 0);
        packer.RequireSigns("w", 1, share);
        Assert.Throws<WeightFileException>(() => packer.RequireSigns("w", 1, (zeros + 0.5) / all));
    }

    [Theory]
    [InlineData(2, new[] { -1f, -1f / 3, 1f / 3, 1 }, null)]
    [InlineData(2, new[] { -0.5f, -0.5f / 3, 0.5f / 3, 0.5f }, null)]
    [InlineData(3, new[] { -1f / 7, -3f / 7, 5f / 7, 1f / 7 }, null)]
    [InlineData(2, new[] { -1f, -1f / 3, 0, 1 }, "holds 0 beside 1; the layer promises odd multiples of E/3 from -E to E")]
    [InlineData(3, new[] { -1f, 9f / 7, -1, 1 }, "holds -1 beside 1.2857142")]
    public void Weights_off_the_grid_are_refused(int bits, float[] weights, string? problem)
    {
        using SafetensorsFile file = Safetensors.Read(Safetensors.Write(("w", [2, 2], weights)));
        WeightPacker packer = new(file, [new TensorInfo("w", [2, 2])], null, 0);
        if (problem is null) packer.RequireGrid("w", bits);
        else Assert.Contains("tensor 'w': " + problem, Assert.Throws<WeightFileException>(() => packer.RequireGrid("w", bits)).Message);
    }

    /// <summary>The threshold of a layer of one channel, and its definition.</summary>
    private static (Threshold Threshold, Func<double, double> Value) Make(float alpha, float bias, float weight, float shift, float mean, float variance)
    {
        const float Epsilon = 1e-5f;
        using SafetensorsFile file = Safetensors.Read(Safetensors.Write(
            ("b", [1], new[] { bias }), ("n.weight", [1], new[] { weight }), ("n.bias", [1], new[] { shift }), ("n.running_mean", [1], new[] { mean }), ("n.running_var", [1], new[] { variance })));
        WeightPacker packer = new(file, [new("b", [1]), new("n.weight", [1]), new("n.bias", [1]), new("n.running_mean", [1]), new("n.running_var", [1])], null, 0);
        return (
            new ConvTensors("w", "b", "n", Epsilon).Threshold(packer, 0, alpha),
            sum => (((((double)alpha * sum) + bias) - mean) / Math.Sqrt((double)variance + Epsilon) * weight) + shift);
    }
}
