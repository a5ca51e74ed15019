using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>What a direct convolution is estimated to cost.</summary>
internal static class DirectCost
{
    /// <summary>The share of the multiply-add peak that register tiles reach.</summary>
    private const double Efficiency = 0.95;

    public static Cost Of(Isa isa, Conv conv, TensorShape input, TensorShape output)
    {
        int lanes = isa.Lanes(), outGroup = conv.OutChannels / conv.Groups;
        double taps = conv.Window.Kernel.Aggregate(1.0, (product, size) => product * size) * (input[1] / conv.Groups);
        double pixels = output.Elements / (double)conv.OutChannels;
        double vectors = conv.Groups * (double)((outGroup + lanes - 1) / lanes);
        return new Cost(pixels * vectors * taps / Efficiency, FarBytes: vectors * lanes * taps * 4);
    }
}
