using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>Refuses filters with weights in more places, taken together, than the layer's <see cref="SparseAttribute"/> promises; -0 counts as zero.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="places">At how many places of a filter any may have a weight.</param>
    /// <exception cref="WeightFileException">There are more.</exception>
    public void RequireSharedZeros(string tensor, int filters, int places)
    {
        ReadOnlySpan<float> weights = Tensor(tensor);
        int found = SharedPlaces.Of(weights, filters).Length;
        if (found > places)
            throw new WeightFileException(_file.Source, tensor, $"its filters have weights at {found} of {weights.Length / filters} places, expected at most {places}; prune whole places, or leave out Shared");
    }

    /// <summary>
    /// Packs filters that are zero in the same places: the biases, padded to whole tiles; the number of places that are left; where their inputs lie, in
    /// bytes; and the weights [tile of output channels][place][vector][lane]; each part at a multiple of 64 bytes.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="outChannels">K.</param>
    /// <param name="lanes">Floats of a vector, channels of a block.</param>
    /// <param name="vectors">Vectors of a tile.</param>
    /// <param name="blockBytes">Bytes from a channel block of the input to the next.</param>
    /// <param name="taps">Where each tap lies in a block, in bytes.</param>
    /// <param name="places">Room for so many places.</param>
    public void Shapewise(long offset, ConvTensors tensors, int outChannels, int lanes, int vectors, int blockBytes, ReadOnlySpan<int> taps, int places)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        int filter = weights.Length / outChannels, tile = vectors * lanes, tiles = (outChannels + tile - 1) / tile;
        double[] scales = tensors.Scales(this, outChannels);
        int[] kept = SharedPlaces.Of(weights, outChannels);
        offset = Biases(offset, tensors, 1, outChannels, tiles * tile);
        Integers(offset, 1)[0] = kept.Length;
        offset += Aligned(1);
        Span<int> inputs = Integers(offset, places);
        Span<float> packed = Packed(offset + Aligned(places), checked(tiles * places * tile));
        for (int i = 0; i < kept.Length; i++)
        {
            int channel = kept[i] / taps.Length;
            inputs[i] = (channel / lanes * blockBytes) + (channel % lanes * sizeof(float)) + taps[kept[i] % taps.Length];
            for (int k = 0; k < outChannels; k++) packed[(((k / tile * places) + i) * tile) + (k % tile)] = (float)(weights[(k * filter) + kept[i]] * scales[k]);
        }
    }
}
