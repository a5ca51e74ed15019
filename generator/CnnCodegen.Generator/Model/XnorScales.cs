namespace CnnCodegen.Generator.Model;

/// <summary>
/// What an XNOR layer multiplies its sums of signs by, pixel by pixel (Rastegari et al. 2016, "XNOR-Net"): the mean of |x| over the channels, averaged
/// over the window with zeros outside the image; of a linear layer the mean over the features.
/// </summary>
internal static class XnorScales
{
    /// <summary>Adds a step of a name of its own, made from the shape of the first value that it reads.</summary>
    public delegate T Add<T>(string step, Func<TensorShape, Layer> layer, params T[] inputs);

    /// <summary>Adds the steps that compute the scales.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="layer">The layer for a shape that it reads.</param>
    /// <param name="add">Adds a step.</param>
    /// <returns>The value that holds them.</returns>
    public static T Of<T>(T x, Func<TensorShape, WeightedLayer> layer, Add<T> add)
    {
        Conv? conv = null;
        T magnitude = add("abs", _ => new Binary(BinaryKind.Max), x, add("negated", _ => new Activation(ActivationKind.Affine, -1), x));
        T mean = add("mean", shape => new ReduceMean((conv = layer(shape) as Conv) is not null ? [1] : [.. Enumerable.Range(1, shape.Rank - 1)]), magnitude);
        return add("scales", shape => conv is not null ? new Pool(PoolKind.Average, conv.Window, CountIncludePad: true) : new Reshape([shape[0], 1]), mean);
    }
}
