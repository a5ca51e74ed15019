namespace CnnCodegen.Execution;

/// <summary>How the weights of a layer of one bit lie for the kernel that counts bits.</summary>
/// <param name="window">The layer's window.</param>
/// <param name="lanes">Words of 64 bits in a vector.</param>
/// <param name="vectors">Vectors of output channels.</param>
/// <param name="thresholds">The results are binarised; otherwise they are scaled.</param>
/// <param name="ternary">Weights may be 0.</param>
public sealed class PopcountLayout(SignWindow window, int lanes, int vectors, bool thresholds, bool ternary)
{
    /// <summary>Channels that one unit of the kernel computes.</summary>
    internal const int GroupChannels = 64;

    internal SignWindow Window => window;

    internal int Lanes => lanes;

    internal int Vectors => vectors;

    internal bool Thresholds => thresholds;

    internal bool Ternary => ternary;

    internal int Groups => (window.OutChannels + GroupChannels - 1) / GroupChannels;
}
