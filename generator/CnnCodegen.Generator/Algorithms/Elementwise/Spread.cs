using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>How the smaller operand spreads over the bigger one.</summary>
internal enum Spread
{
    /// <summary>The same shape.</summary>
    Equal,

    /// <summary>One value for each channel, for all images or for each.</summary>
    Channel,

    /// <summary>One value for each pixel, for all images or for each.</summary>
    Pixel,

    /// <summary>One value.</summary>
    Single,
}

/// <summary>Recognises the ways of spreading.</summary>
internal static class Spreads
{
    /// <summary>How <paramref name="small"/> spreads over <paramref name="big"/>; null if it does so in another way.</summary>
    public static Spread? Of(TensorShape small, TensorShape big)
    {
        if (small == big) return Spread.Equal;
        if (small.Rank > big.Rank) return null;
        if (small.Elements == 1) return Spread.Single;
        if (small.Rank == big.Rank && small.Rank > 2 && small[1] == 1 && (small[0] == big[0] || small[0] == 1) && small.Dims.Skip(2).SequenceEqual(big.Dims.Skip(2))) return Spread.Pixel;
        int missing = big.Rank - small.Rank;
        for (int axis = missing; axis < big.Rank; axis++)
        {
            int size = small[axis - missing];
            bool fits = axis == 1 ? size == big[1] : size == 1 || (axis == 0 && size == big[0]);
            if (!fits) return null;
        }

        return missing <= 1 ? Spread.Channel : null;
    }
}
