using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class BroadcastingTests
{
    [Fact]
    public void Both_operands_are_repeated() => Expect.Close(
        Broadcasting.Apply(Expect.Tensor([2, 1], 10, 20), Expect.Tensor([3], 1, 2, 3), (a, b) => a - b), [2, 3], [9, 8, 7, 19, 18, 17]);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_reported()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Broadcasting.Apply(Expect.Counting(2, 3), Expect.Counting(2), (a, b) => a + b));
        Assert.Contains("2x3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_product() => Expect.Close(
        Broadcasting.MatMul(Expect.Counting(2, 3), Expect.Tensor([3, 2], 1, 0, 0, 1, 10, 100)), [2, 2], [31, 302, 64, 605]);

    [Fact]
    public void Matrix_products_over_a_broadcast_batch() => Expect.Close(
        Broadcasting.MatMul(Expect.Tensor([2, 1, 1, 2], 1, 2, 3, 4), Expect.Tensor([2, 2, 1], 1, 10, 100, 1000)), [2, 2, 1, 1], [21, 2100, 43, 4300]);

    [Fact]
    public void PRelu_has_a_slope_per_channel() => Expect.Close(
        Broadcasting.PRelu(Expect.Tensor([1, 2, 2], -1, 1, -1, 1), Expect.Tensor([2, 1], 0.5, 2)), [1, 2, 2], [-0.5, 1, -2, 1]);

    [Fact]
    public void Linear_flattens_behind_the_batch() => Expect.Close(
        Linear.Apply(Expect.Counting(2, 1, 2), Expect.Tensor([3, 2], 1, 0, 0, 1, 1, 1), Expect.Tensor([3], 0, 0.5, 0)), [2, 3], [1, 2.5, 3, 3, 4.5, 7]);
}
