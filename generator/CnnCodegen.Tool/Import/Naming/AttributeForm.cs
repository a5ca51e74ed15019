using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Naming;

/// <summary>Which attribute declares a layer, and whether it may go without a name.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Naming">What it is without a name.</param>
internal readonly record struct AttributeForm(string Attribute, UnnamedForm Naming)
{
    /// <summary>The attribute's name in lower case: what unnamed layers are called after.</summary>
    public string Kind => Attribute.ToLowerInvariant();

    public static AttributeForm Of(Layer layer, TensorShape input) => layer switch
    {
        Activation { Function: ActivationKind.Affine, Alpha: 1 } => new("Add", UnnamedForm.None),
        Activation { Function: ActivationKind.Affine } => new("Mul", UnnamedForm.None),
        Activation { Function: ActivationKind.Pow } => new("Pow", UnnamedForm.None),
        Activation or PRelu or BatchNorm or Identity => new(layer.Kind, UnnamedForm.Attached),
        Pool or GlobalPool or Softmax or LocalResponseNorm or InstanceNorm or Rearrange => new(layer.Kind, UnnamedForm.Numbered),
        Reshape reshape when FlattenAxis(reshape, input) is not null => new("Flatten", UnnamedForm.Numbered),
        Conv conv when conv.IsDepthwise(input) => new("DepthwiseConv", UnnamedForm.None),
        Resize resize when UpsampleScale(resize, input) is not null => new("Upsample", UnnamedForm.None),
        _ => new(layer.Kind, UnnamedForm.None),
    };

    /// <summary>The whole factor by which <paramref name="resize"/> enlarges the spatial dimensions in the usual way; null where it does otherwise.</summary>
    public static int? UpsampleScale(Resize resize, TensorShape input)
    {
        bool usual = resize.Mode == Generator.Model.ResizeMode.Nearest
            ? resize is { Coordinates: Generator.Model.ResizeCoordinates.Asymmetric, Rounding: Generator.Model.NearestRounding.Floor }
            : resize is { Coordinates: Generator.Model.ResizeCoordinates.HalfPixel, Rounding: Generator.Model.NearestRounding.RoundPreferFloor };
        if (!usual || input.Rank < 3 || resize.Scales[2] != MathF.Truncate(resize.Scales[2])) return null;
        bool uniform = resize.Scales.Select((s, i) => s == (i < 2 ? 1 : resize.Scales[2])).All(same => same);
        return uniform && resize.Scales[2] >= 1 ? (int)resize.Scales[2] : null;
    }

    /// <summary>The axis from which on <paramref name="reshape"/> joins all dimensions, as it joins all before it; null where it does not.</summary>
    public static int? FlattenAxis(Reshape reshape, TensorShape input)
    {
        if (reshape.Dims.Count != 2) return null;
        int rows = 1;
        for (int axis = 1; axis < input.Rank; axis++)
        {
            rows *= input[axis - 1];
            if (rows == reshape.Dims[0]) return axis;
        }

        return null;
    }
}

/// <summary>What a layer without a name is to the attribute reader.</summary>
internal enum UnnamedForm
{
    /// <summary>It needs a name.</summary>
    None,

    /// <summary>A part of the layer before it.</summary>
    Attached,

    /// <summary>A layer that is called after its kind and counted.</summary>
    Numbered,
}
