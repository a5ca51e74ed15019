namespace CnnCodegen.Generator.Model;

/// <summary>Checks that several layers share.</summary>
internal static class Shapes
{
    /// <summary>The spatial dimensions of a tensor that has batch and channels.</summary>
    /// <exception cref="ModelException">The tensor has too few dimensions.</exception>
    public static int[] Spatial(TensorShape x, int rank)
    {
        if (x.Rank != rank + 2)
            throw new ModelException($"the input is {x}; a window of {rank} dimensions slides over a tensor of rank {rank + 2} (batch, channels, spatial)");
        return x.Spatial;
    }

    /// <exception cref="ModelException">The tensor has no channel dimension.</exception>
    public static int Channels(TensorShape x) =>
        x.Rank >= 2 ? x[1] : throw new ModelException($"the input is {x}; a channel dimension (axis 1) is needed");
}
