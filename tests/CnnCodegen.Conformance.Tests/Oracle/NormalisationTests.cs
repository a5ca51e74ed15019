using CnnCodegen.Reference;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class NormalisationTests
{
    [Fact]
    public void Batch_norm_per_channel()
    {
        ReferenceTensor x = Expect.Tensor([1, 2, 2], 1, 3, 10, 20);
        ReferenceTensor y = Normalisation.Batch(
            x, weight: Expect.Tensor([2], 2, 3), bias: Expect.Tensor([2], 0.5, -1), mean: Expect.Tensor([2], 1, 10), variance: Expect.Tensor([2], 3, 24), epsilon: 1);
        Expect.Close(y, [1, 2, 2], [0.5, 2.5, -1, 5]);
    }

    [Fact]
    public void Batch_norm_of_a_matrix() => Expect.Close(
        Normalisation.Batch(Expect.Tensor([2, 1], 1, 2), Expect.Tensor([1], 1), Expect.Tensor([1], 0), Expect.Tensor([1], 0), Expect.Tensor([1], 4), 0), [2, 1], [0.5, 1]);

    [Fact]
    public void Instance_norm_uses_the_biased_variance_of_each_plane()
    {
        // Means 2 and 20, variances 1 and 100.
        ReferenceTensor x = Expect.Tensor([2, 1, 2], 1, 3, 10, 30);
        Expect.Close(Normalisation.Instance(x, null, null, 0), [2, 1, 2], [-1, 1, -1, 1]);
        Expect.Close(Normalisation.Instance(x, Expect.Tensor([1], 4), Expect.Tensor([1], 1), 3), [2, 1, 2], [-1, 3, 1 - (40 / Math.Sqrt(103)), 1 + (40 / Math.Sqrt(103))]);
    }

    [Fact]
    public void Local_response_of_an_odd_size()
    {
        ReferenceTensor x = Expect.Tensor([1, 4, 1], 1, 2, 3, 4);

        // Sums of squares 1+4, 1+4+9, 4+9+16, 9+16; alpha / size = 1.
        Expect.Close(Normalisation.LocalResponse(x, 3, 3, 1, 1), [1, 4, 1], [1.0 / 6, 2.0 / 15, 3.0 / 30, 4.0 / 26]);
    }

    [Fact]
    public void Local_response_of_an_even_size_reaches_further_up()
    {
        // Size 2: the channel itself and the next one; a power of 1/2 is a square root.
        ReferenceTensor x = Expect.Tensor([1, 3, 1], 3, 4, 12);
        Expect.Close(Normalisation.LocalResponse(x, 2, 2, 0.5, 0), [1, 3, 1], [3.0 / 5, 4 / Math.Sqrt(160), 1]);
    }
}
