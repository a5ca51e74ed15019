using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>What the direct kernels are estimated to cost: within a tenth of the measured time for layers that take more than a few microseconds.</summary>
internal static class DirectCost
{
    /// <summary>Instructions for each vector of results in each pass: start value, store, and what a tile's beginning and end cost.</summary>
    private const double ResultInstructions = 4;

    public static Cost Of(Isa isa, Conv conv, TensorShape input, TensorShape output)
    {
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        int outW = output[output.Rank - 1], outH = output.Rank > 3 ? output[2] : 1;
        int inGroup = input[1] / conv.Groups;

        // Tiles of a 1x1 convolution mostly do not end where rows do.
        RegisterTile tile = window.Taps == 1
            ? TileChooser.Choose(isa, 1, outH * outW, Vectors(isa, conv.OutChannels / conv.Groups))
            : TileChooser.Choose(isa, outH, outW, Vectors(isa, conv.OutChannels / conv.Groups));
        return Of(isa, tile, output[0] * conv.Groups, outH * outW, conv.OutChannels / conv.Groups, inGroup, window.Taps, conv.Groups);
    }

    public static Cost Of(Isa isa, Linear linear, TensorShape input)
    {
        RegisterTile tile = TileChooser.Choose(isa, 1, input[0], Vectors(isa, linear.OutFeatures));
        return Of(isa, tile, 1, input[0], linear.OutFeatures, Linear.InFeatures(input), 1, 1);
    }

    /// <summary>The products of <paramref name="planes"/> planes, of which <paramref name="groups"/> have weights of their own.</summary>
    public static Cost Of(Isa isa, RegisterTile tile, int planes, int pixels, int outChannels, int inChannels, int taps, int groups)
    {
        int vectors = Vectors(isa, outChannels);
        double passes = Math.Ceiling((double)inChannels * taps * tile.Blocks * isa.Lanes() * 4 / DirectAlgorithm.PassBudget);
        double multiplyAdds = 2 * TileChooser.Cycles(isa, tile) * (vectors / tile.Blocks) * inChannels * taps * planes;
        double results = (double)planes * pixels * vectors * passes;
        return new Cost(multiplyAdds, ResultInstructions * results, (double)groups * vectors * isa.Lanes() * 4 * inChannels * taps);
    }

    private static int Vectors(Isa isa, int channels) => (channels + isa.Lanes() - 1) / isa.Lanes();
}
