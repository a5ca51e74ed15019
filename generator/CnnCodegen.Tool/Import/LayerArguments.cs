using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Import.Naming;

namespace CnnCodegen.Tool.Import;

/// <summary>The arguments of a layer's attribute behind its name and operands; what equals its default is left out.</summary>
internal static class LayerArguments
{
    public static IReadOnlyList<string> Of(Layer layer, TensorShape[] inputs, int batch)
    {
        Arguments a = new();
        TensorShape x = inputs.FirstOrDefault();
        switch (layer)
        {
            case Input { Shape: var shape }:
                bool batched = shape.Rank > 1 && shape[0] == batch;
                a.Values(batched ? shape.Dims.Skip(1) : shape.Dims).Option("Batched", batched, true);
                break;
            case Parameter { Shape: var shape }:
                a.Values(shape.Dims);
                break;
            case Conv conv:
                bool depthwise = conv.IsDepthwise(x);
                if (!depthwise) a.Value(conv.OutChannels);
                else a.Option("Multiplier", conv.OutChannels / x[1], 1);
                a.Window(conv.Window).Option("Groups", depthwise ? 1 : conv.Groups, 1).Option("Bias", conv.Bias, true)
                    .Option("Algorithm", conv.Algorithm, Generator.Model.ConvAlgorithm.Auto);
                break;
            case ConvTranspose conv:
                a.Value(conv.OutChannels).Window(conv.Window);
                a.Spatial("OutputPadding", "OutputPaddings", conv.OutputPadding, 0).Option("Groups", conv.Groups, 1).Option("Bias", conv.Bias, true);
                break;
            case Linear linear:
                a.Value(linear.OutFeatures).Option("Bias", linear.Bias, true).Option("Algorithm", linear.Algorithm, Generator.Model.ConvAlgorithm.Auto);
                break;
            case Pool pool:
                a.Pool(pool.Window).Option("CeilMode", pool.Window.CeilMode, false).Option("CountIncludePad", pool.CountIncludePad, false);
                break;
            case BatchNorm norm:
                a.Option("Epsilon", norm.Epsilon, 1e-5f);
                break;
            case InstanceNorm norm:
                a.Option("Epsilon", norm.Epsilon, 1e-5f).Option("Affine", norm.Affine, true);
                break;
            case LocalResponseNorm norm:
                a.Value(norm.Size).Option("Alpha", norm.Alpha, 1e-4f).Option("Beta", norm.Beta, 0.75f).Option("K", norm.K, 1);
                break;
            case PRelu prelu when prelu.SlopeShape.Rank > 0:
                a.Array("SlopeShape", prelu.SlopeShape.Dims);
                break;
            case PRelu prelu:
                a.Option("PerChannel", prelu.PerChannel, true);
                break;
            case Activation activation:
                Add(a, activation);
                break;
            case Softmax softmax:
                a.Option("Axis", softmax.Axis == x.Rank - 1 ? -1 : softmax.Axis, -1);
                break;
            case Concat concat:
                a.Option("Axis", concat.Axis, 1);
                break;
            case Reshape reshape when AttributeForm.FlattenAxis(reshape, x) is { } axis:
                a.Option("Axis", axis, 1);
                break;
            case Reshape reshape:
                a.Values(reshape.Dims);
                break;
            case Transpose transpose:
                a.Values(transpose.Perm);
                break;
            case ReduceMean mean:
                a.Values(mean.Axes).Option("KeepDims", mean.KeepDims, true);
                break;
            case Slice slice:
                Add(a, slice, x);
                break;
            case Pad pad:
                a.Array("Pads", pad.Begin.Concat(pad.End)).Option("Mode", pad.Mode, Generator.Model.PadMode.Constant).Option("Value", pad.Value, 0);
                break;
            case Resize resize:
                Add(a, resize, x);
                break;
            case ChannelShuffle shuffle:
                a.Value(shuffle.Groups);
                break;
            case DepthToSpace move:
                a.Value(move.Block);
                if (!move.ColumnRowDepth) a.Set("Mode", "DepthToSpaceMode.DepthColumnRow");
                break;
            case SpaceToDepth move:
                a.Value(move.Block);
                break;
        }

        return a.Items;
    }

    private static void Add(Arguments a, Activation activation)
    {
        (float alpha, float beta) = (activation.Alpha, activation.Beta);
        _ = activation.Function switch
        {
            ActivationKind.Clip => a.Value(alpha).Value(beta),
            ActivationKind.LeakyRelu => a.Option("Alpha", alpha, 0.01f),
            ActivationKind.Elu => a.Option("Alpha", alpha, 1),
            ActivationKind.HardSigmoid => a.Option("Alpha", alpha, 1f / 6).Option("Beta", beta, 0.5f),
            ActivationKind.Quantize => a.Value(activation.Levels > 0 ? activation.Levels : alpha).Option("Reciprocal", activation.Levels > 0, false).Option("ZeroPoint", (int)beta, 0).Option("Signed", activation.Low < 0, false)
                .Option("Low", activation.Low, activation.Low < 0 ? -128 : 0).Option("High", activation.High, activation.Low < 0 ? 127 : 255),
            ActivationKind.Affine when alpha == 1 || beta == 0 => a.Set("Scalar", Literals.Number(alpha == 1 ? beta : alpha)),
            ActivationKind.Affine => throw new InvalidOperationException("a factor and a sum are two layers in a class"),
            ActivationKind.Pow => a.Set("Scalar", Literals.Number(alpha)),
            _ => a,
        };
    }

    /// <summary>The attribute behind the layer's that says how its weights are represented; null if there is none.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="binaryInput">Whether it reads nothing but -1 and 1.</param>
    public static string? Refinement(Layer layer, bool binaryInput) => (layer as WeightedLayer)?.Refinement switch
    {
        Lookup lookup => $"Lookup({Literals.Number(lookup.Dictionary)}, {Literals.Number(lookup.Terms)})",
        SparseDecomposed split => $"SparseDecomposed({Literals.Number(split.Bases)}, {Literals.Number(split.Density)})",
        BinaryWeight => binaryInput ? "Binary" : "BinaryWeight",
        Bitwise bitwise => $"Bitwise({Literals.Number(bitwise.Zeros)})",
        DoReFa dorefa => $"DoReFa({Literals.Number(dorefa.Bits)}, 32)",
        Int8 => "Int8",
        Sparse sparse => $"Sparse({Literals.Number(sparse.Density)}{(sparse.Shared ? ", Shared = true" : "")}{(sparse.Unroll ? ", Unroll = true" : "")})",
        _ => null,
    };

    /// <summary>Only the sliced dimensions, with the end as a position.</summary>
    private static void Add(Arguments a, Slice slice, TensorShape x)
    {
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(i => slice.Ends[i] != x[i] || slice.Steps[i] != 1)];
        if (axes.Length == 0) axes = [0];
        a.Array("Starts", axes.Select(i => slice.Starts[i])).Array("Ends", axes.Select(End)).Array("Axes", axes);
        if (axes.Any(i => slice.Steps[i] != 1)) a.Array("Steps", axes.Select(i => slice.Steps[i]));

        int End(int axis)
        {
            int step = slice.Steps[axis], last = slice.Starts[axis] + ((slice.Ends[axis] - 1) * step), end = last + Math.Sign(step);
            return end < 0 ? -x[axis] - 1 : end;
        }
    }

    private static void Add(Arguments a, Resize resize, TensorShape x)
    {
        if (AttributeForm.UpsampleScale(resize, x) is { } factor)
        {
            a.Value(factor).Option("Mode", resize.Mode, Generator.Model.ResizeMode.Nearest);
            return;
        }

        bool fromSizes = resize.Scales.Select((s, i) => s == (float)resize.Sizes[i] / x[i]).All(same => same);
        bool image = x.Rank == 4 && resize.Sizes[0] == x[0] && resize.Sizes[1] == x[1];
        if (image && fromSizes) a.Set("Height", Literals.Number(resize.Sizes[2])).Set("Width", Literals.Number(resize.Sizes[3]));
        else if (image && resize.Scales[2] == resize.Scales[3]) a.Set("Scale", Literals.Number(resize.Scales[2]));
        else if (fromSizes) a.Array("Sizes", resize.Sizes);
        else a.Set("Scales", Literals.Array(resize.Scales));
        a.Option("Mode", resize.Mode, Generator.Model.ResizeMode.Nearest)
            .Option("Coordinates", resize.Coordinates, Generator.Model.ResizeCoordinates.HalfPixel)
            .Option("Rounding", resize.Rounding, Generator.Model.NearestRounding.RoundPreferFloor);
    }

    /// <summary>A list under construction.</summary>
    private sealed class Arguments
    {
        public List<string> Items { get; } = [];

        public Arguments Value(int value) => Append(Literals.Number(value));

        public Arguments Value(float value) => Append(Literals.Number(value));

        public Arguments Values(IEnumerable<int> values) => values.Any() ? Append(Literals.List(values)) : this;

        public Arguments Set(string name, string value) => Append($"{name} = {value}");

        public Arguments Array(string name, IEnumerable<int> values) => Set(name, Literals.Array(values));

        public Arguments Option(string name, int value, int usual) => value == usual ? this : Set(name, Literals.Number(value));

        public Arguments Option(string name, float value, float usual) => value == usual ? this : Set(name, Literals.Number(value));

        public Arguments Option(string name, bool value, bool usual) => value == usual ? this : Set(name, Literals.Flag(value));

        public Arguments Option<T>(string name, T value, T usual) where T : struct, Enum =>
            value.Equals(usual) ? this : Set(name, $"{typeof(T).Name}.{value}");

        public Arguments Spatial(string name, string arrayName, EquatableArray<int> values, int usual)
        {
            if (values.Any(v => v != values[0])) return Array(arrayName, values);
            return Option(name, values[0], usual);
        }

        public Arguments Window(Window window) => Spatial("Kernel", "KernelShape", window.Kernel, 0)
            .Spatial("Stride", "Strides", window.Strides, 1)
            .Padding(window)
            .Spatial("Dilation", "Dilations", window.Dilations, 1);

        /// <summary>A pool's kernel is a plain argument where one number says it, and its stride is the kernel by default.</summary>
        public Arguments Pool(Window window)
        {
            _ = window.Kernel.All(k => k == window.Kernel[0]) ? Value(window.Kernel[0]) : Array("KernelShape", window.Kernel);
            if (window.Strides != window.Kernel) Spatial("Stride", "Strides", window.Strides, 0);
            return Padding(window).Spatial("Dilation", "Dilations", window.Dilations, 1);
        }

        private Arguments Padding(Window window) => window.PadsBegin == window.PadsEnd && window.PadsBegin.All(p => p == window.PadsBegin[0])
            ? Option("Padding", window.PadsBegin[0], 0)
            : Array("Pads", window.PadsBegin.Concat(window.PadsEnd));

        private Arguments Append(string argument)
        {
            Items.Add(argument);
            return this;
        }
    }
}
