using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression.Tests;

public sealed class EnergyAwarePruningTests
{
    [Fact]
    public void Inputs_that_do_not_depend_on_each_other_leave_magnitude_pruning()
    {
        float[] filter = Numbers.Random(20, 1);

        Assert.Equal(MagnitudePruning.Keep(filter, 7), EnergyAwarePruning.PruneFilter(DenseMatrix.CreateIdentity(20), filter, 7), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Equal_inputs_share_one_weight()
    {
        // Inputs 0 and 1 are the same: one weight, the sum of both, gives all outputs.
        Matrix<double> x = DenseMatrix.OfColumnMajor(30, 3, Array.ConvertAll(Numbers.Random(90, 2), v => (double)v));
        x.SetColumn(1, x.Column(0));

        float[] pruned = EnergyAwarePruning.PruneFilter(x.TransposeThisAndMultiply(x), [2, 1, 4], 2);

        Assert.Equal([3, 0, 4], pruned, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(24)]
    public void The_outputs_err_less_than_by_magnitude_alone(int count)
    {
        Matrix<double> mix = DenseMatrix.OfColumnMajor(24, 24, Array.ConvertAll(Numbers.Random(576, 3), v => (double)v));
        Matrix<double> x = DenseMatrix.OfColumnMajor(100, 24, Array.ConvertAll(Numbers.Random(2400, 4), v => (double)v)) * mix;
        float[] filter = Numbers.Random(24, 5);

        double Error(float[] pruned) => (x * DenseVector.Create(24, i => pruned[i] - (double)filter[i])).L2Norm();
        float[] energyAware = EnergyAwarePruning.PruneFilter(x.TransposeThisAndMultiply(x), filter, count);

        Assert.True(energyAware.Count(w => w != 0) <= count);
        Assert.True(Error(energyAware) <= Error(MagnitudePruning.Keep(filter, count)) + 1e-6);
    }

    [Fact]
    public void Samples_that_do_not_determine_the_weights_leave_them()
    {
        Matrix<double> x = DenseMatrix.OfArray(new double[,] { { 1, 2, 3 } });

        float[] pruned = EnergyAwarePruning.PruneFilter(x.TransposeThisAndMultiply(x), [5, 1, 4], 2);

        Assert.All(pruned.Zip((float[])[5, 1, 4]), w => Assert.True(w.First == 0 || w.First == w.Second));
    }

    [Fact]
    public void Memory_costs_more_than_arithmetic()
    {
        Assert.True(EnergyAwarePruning.Energy(1000, 100_000, 0) > EnergyAwarePruning.Energy(1000, 10_000, 0));
        Assert.Equal(1000 + (60 * 6), EnergyAwarePruning.Energy(1000, 50, 10));
    }
}
