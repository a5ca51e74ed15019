using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class ReductionTests
{
    [Fact]
    public void Mean_over_inner_and_outer_axes()
    {
        ReferenceTensor x = Expect.Counting(2, 3, 2);
        Expect.Close(Reduction.Mean(x, [0, 2]), [1, 3, 1], [4.5, 6.5, 8.5]);
        Expect.Close(Reduction.Mean(x, [0, -1], keepDims: false), [3], [4.5, 6.5, 8.5]);
        Expect.Close(Reduction.Mean(x, [0, 1, 2], keepDims: false), [], [6.5]);
    }

    [Fact]
    public void Softmax_of_logarithms_is_their_share()
    {
        ReferenceTensor x = Expect.Tensor([2, 2], Math.Log(1), Math.Log(3), Math.Log(4), Math.Log(1));
        Expect.Close(Reduction.Softmax(x, -1), [2, 2], [0.25, 0.75, 0.8, 0.2], 1e-15);
        Expect.Close(Reduction.Softmax(x, 0), [2, 2], [0.2, 0.75, 0.8, 0.25], 1e-15);
        Expect.Close(Reduction.LogSoftmax(x, 1), [2, 2], [Math.Log(0.25), Math.Log(0.75), Math.Log(0.8), Math.Log(0.2)], 1e-15);
    }

    [Fact]
    public void Softmax_of_large_numbers_does_not_overflow()
    {
        ReferenceTensor x = Expect.Tensor([1, 2], 10000, 10000 + Math.Log(3));
        Expect.Close(Reduction.Softmax(x, 1), [1, 2], [0.25, 0.75], 1e-11);
        Expect.Close(Reduction.LogSoftmax(Expect.Tensor([1, 2], 0, -2000), 1), [1, 2], [0, -2000]);
    }

    [Fact]
    public void Softmax_of_NaN_is_NaN() =>
        Expect.Close(Reduction.Softmax(Expect.Tensor([1, 2], double.NaN, 0), 1), [1, 2], [double.NaN, double.NaN]);
}
