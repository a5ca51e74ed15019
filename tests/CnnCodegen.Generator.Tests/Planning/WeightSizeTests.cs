using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Planning;

/// <summary>Transformed weights can be far larger than the filters; what no span of floats holds must not be planned.</summary>
public class WeightSizeTests
{
    [Fact]
    public void Winograd_declines_weights_beyond_a_span()
    {
        string reason = Reason(8000, kernel: 2);
        Assert.Contains("not winograd6x6: 11 GiB of transformed weights are too many", reason);
        Assert.DoesNotContain("not winograd4x4: ", reason);
    }

    [Fact]
    public void Fft_declines_weights_beyond_a_span() => Assert.Contains(" GiB of spectra of the weights are too many", Reason(3200, kernel: 5));

    /// <summary>Why the algorithm of a convolution, and why no other.</summary>
    private static string Reason(int channels, int kernel)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, channels, 30, 30)));
        int y = builder.Add("y", new Conv(channels, Window.Square(2, kernel, 1, kernel / 2)), x);
        return NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net"), y), Isa.Avx2).Steps.Single(step => step.Macs > 0).Reason;
    }
}
