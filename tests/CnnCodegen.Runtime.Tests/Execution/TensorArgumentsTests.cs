using System.Numerics.Tensors;
using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed class TensorArgumentsTests
{
    private static readonly TensorInfo _expected = new("x", [1, 2, 3]);
    private static readonly float[] _data = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 2, 3 })]
    public void Dense_tensors_are_viewed_in_place(int[] shape)
    {
        float[] data = [.. _data];
        nint[] lengths = [.. shape.Select(d => (nint)d)];
        ReadOnlySpan<float> read = TensorArguments.Dense(new ReadOnlyTensorSpan<float>(data, lengths), _expected);
        Span<float> written = TensorArguments.Dense(new TensorSpan<float>(data, lengths), _expected);

        written[5] = 9;

        Assert.Equal([1, 2, 3, 4, 5, 9], read.ToArray());
        Assert.Equal(9, data[5]);
    }

    [Theory]
    [InlineData(new[] { 6 }, "6")]
    [InlineData(new[] { 3, 2 }, "3x2")]
    [InlineData(new[] { 1, 1, 2, 3 }, "1x1x2x3")]
    [InlineData(new[] { 1, 2, 2 }, "1x2x2")]
    public void Other_shapes_are_refused(int[] shape, string text)
    {
        nint[] lengths = [.. shape.Select(d => (nint)d)];
        string message = $"'x' is 1x2x3, but a tensor of shape {text} was given";

        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => TensorArguments.Dense(new ReadOnlyTensorSpan<float>(_data, lengths), _expected).Length).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => TensorArguments.Dense(new TensorSpan<float>(_data, lengths), _expected).Length).Message);
    }

    [Fact]
    public void A_batch_of_more_than_one_may_not_be_left_out() =>
        Assert.Throws<ArgumentException>(() => TensorArguments.Dense(new ReadOnlyTensorSpan<float>(_data, [3]), new TensorInfo("x", [2, 3])).Length);

    [Fact]
    public void Tensors_with_gaps_are_refused()
    {
        float[] data = new float[8];

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => TensorArguments.Dense(new ReadOnlyTensorSpan<float>(data, [1, 2, 3], [0, 4, 1]), _expected).Length);

        Assert.StartsWith("'x' must be dense", error.Message);
    }
}
