using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Planning;

/// <summary>Tensors one after the other as they are in the weight file, each starting at a multiple of 64 bytes.</summary>
internal sealed record DenseRecipe(EquatableArray<string> Tensors, EquatableArray<int> Lengths)
    : PackRecipe(Lengths.Sum(length => Alignment.Up(length * 4L)))
{
    /// <summary>The byte offset of each tensor.</summary>
    public static long[] Offsets(IEnumerable<int> lengths)
    {
        List<long> offsets = [];
        long offset = 0;
        foreach (int length in lengths)
        {
            offsets.Add(offset);
            offset += Alignment.Up(length * 4L);
        }

        return [.. offsets];
    }

    public static DenseRecipe Of(Node node, IReadOnlyList<TensorShape> inputs)
    {
        IReadOnlyList<WeightTensor> tensors = node.Layer.Weights(inputs);
        return new DenseRecipe(
            tensors.Select(t => node.Name + "." + t.Suffix).ToEquatableArray(),
            tensors.Select(t => (int)t.Shape.Elements).ToEquatableArray());
    }
}

/// <summary>
/// A convolution or linear layer with its batch norm folded in, in the order of the weight file: weights, then (at the next multiple
/// of 64 bytes) one bias for each output channel, 0 where there is none. A transposed convolution has its output channels on axis 1.
/// </summary>
internal sealed record FoldedRecipe(ConvWeights Tensors, int Length, int OutChannels, int InChannels, int Groups, bool Transposed)
    : PackRecipe(Alignment.Up(Length * 4L) + Alignment.Up(OutChannels * 4L));

/// <summary>A batch norm as y = x * scale + shift: the scales of all channels, padded to whole vectors, then the shifts.</summary>
internal sealed record AffineRecipe(string Norm, float Epsilon, int Channels, int Padded) : PackRecipe(2 * Alignment.Up(Padded * 4L));

/// <summary>One value for each channel, padded with zeros to whole vectors.</summary>
internal sealed record ChannelRecipe(string Tensor, int Channels, int Padded) : PackRecipe(Alignment.Up(Padded * 4L));
