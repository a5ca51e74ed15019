using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Tool.Verification;

/// <summary>Translates a layer of the model into calls of the naive operators.</summary>
/// <param name="name">The prefix of the layer's tensors in the weight file.</param>
/// <param name="weights">A tensor of the weight file by full name, in the shape the layer expects.</param>
internal readonly struct ReferenceLayer(string name, Func<string, TensorShape, ReferenceTensor> weights)
{
    /// <summary>The value of a resolved layer, without any epilogue.</summary>
    /// <exception cref="NotSupportedException">The layer has no float64 definition here.</exception>
    public ReferenceTensor Apply(Layer layer, IReadOnlyList<ReferenceTensor> inputs)
    {
        Dictionary<string, ReferenceTensor> w = Load(layer, inputs);
        ReferenceTensor? x = inputs.Count > 0 ? inputs[0] : null, bias = w.GetValueOrDefault("bias");
        return (layer, x) switch
        {
            (Parameter, _) => w["value"],
            (Identity, { }) => x,
            (Conv c, { }) => Convolution.Convolve(x, w["weight"], bias, Sliding(c.Window), c.Groups),
            (ConvTranspose c, { }) => Convolution.Transpose(x, w["weight"], bias, Sliding(c.Window), c.OutputPadding.ToArray(), c.Groups),
            (Generator.Model.Linear, { }) => Reference.Linear.Apply(x, w["weight"], bias),
            (MatMul, { }) => Broadcasting.MatMul(x, inputs[1]),
            (Pool { Function: PoolKind.Max } p, { }) => Pooling.Max(x, Sliding(p.Window), p.Window.CeilMode),
            (Pool { Function: PoolKind.Average } p, { }) => Pooling.Average(x, Sliding(p.Window), p.Window.CeilMode, p.CountIncludePad),
            (GlobalPool { Function: PoolKind.Max }, { }) => Pooling.GlobalMax(x),
            (GlobalPool { Function: PoolKind.Average }, { }) => Pooling.GlobalAverage(x),
            (BatchNorm n, { }) => Normalisation.Batch(x, w["weight"], bias!, w["running_mean"], w["running_var"], n.Epsilon),
            (InstanceNorm n, { }) => Normalisation.Instance(x, w.GetValueOrDefault("weight"), bias, n.Epsilon),
            (LocalResponseNorm n, { }) => Normalisation.LocalResponse(x, n.Size, n.Alpha, n.Beta, n.K),
            (Activation a, { }) => x.Map(Function(a)),
            (PRelu p, { }) => Broadcasting.PRelu(x, w["weight"].Reshape(p.Slope(TensorShape.Of(x.Shape)).Dims.ToArray())),
            (Binary b, { }) => Broadcasting.Apply(x, inputs[1], Function(b.Function)),
            (Concat c, { }) => Movement.Concat(c.Axis, inputs),
            (Reshape r, { }) => x.Reshape(r.Dims.ToArray()),
            (Transpose t, { }) => Movement.Transpose(x, t.Perm.ToArray()),
            (Rearrange r, { }) => Rearranged(r, x),
            (Slice s, { }) => Movement.Slice(x, s.Starts.ToArray(), s.Ends.ToArray(), s.Steps.ToArray()),
            (Pad p, { }) => Padded(p, x),
            (Resize r, { }) => Resized(r, x),
            (Generator.Model.Softmax s, { }) => s.Log ? Reduction.LogSoftmax(x, s.Axis) : Reduction.Softmax(x, s.Axis),
            (ReduceMean r, { }) => Reduction.Mean(x, r.Axes.ToArray(), r.KeepDims),
            _ => throw new NotSupportedException($"{name}: {layer.Kind} has no float64 definition"),
        };
    }

    private Dictionary<string, ReferenceTensor> Load(Layer layer, IReadOnlyList<ReferenceTensor> inputs)
    {
        Dictionary<string, ReferenceTensor> tensors = new(StringComparer.Ordinal);
        foreach (WeightTensor tensor in layer.Weights([.. inputs.Select(input => TensorShape.Of(input.Shape))]))
            tensors.Add(tensor.Suffix, weights(name + "." + tensor.Suffix, tensor.Shape));
        return tensors;
    }

    private static SlidingWindow Sliding(Window w) =>
        new(w.Kernel.ToArray(), w.Strides.ToArray(), w.Dilations.ToArray(), w.PadsBegin.ToArray(), w.PadsEnd.ToArray());

    private static ReferenceTensor Rearranged(Rearrange layer, ReferenceTensor x)
    {
        TensorShape shape = TensorShape.Of(x.Shape);
        ReferenceTensor split = x.Reshape(layer.Split(shape).Dims.ToArray());
        return Movement.Transpose(split, layer.Perm.ToArray()).Reshape(layer.InferShape([shape]).Dims.ToArray());
    }

    private static ReferenceTensor Padded(Pad layer, ReferenceTensor x)
    {
        int[] begin = layer.Begin.ToArray(), end = layer.End.ToArray();
        return layer.Mode switch
        {
            Generator.Model.PadMode.Constant => Movement.PadConstant(x, begin, end, layer.Value),
            Generator.Model.PadMode.Reflect => Movement.PadReflect(x, begin, end),
            Generator.Model.PadMode.Edge => Movement.PadEdge(x, begin, end),
            _ => throw new NotSupportedException($"padding mode {layer.Mode}"),
        };
    }

    private static ReferenceTensor Resized(Resize layer, ReferenceTensor x)
    {
        int[] sizes = layer.Sizes.ToArray();

        // A scale that is the ratio of the sizes but for its rounding to float32 is meant to be that ratio.
        double[] scales = new double[sizes.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            double ratio = (double)sizes[i] / x.Shape[i];
            scales[i] = Math.Abs(ratio - layer.Scales[i]) > 1e-6 * ratio ? layer.Scales[i] : ratio;
        }

        SourcePosition position = layer.Coordinates switch
        {
            Generator.Model.ResizeCoordinates.HalfPixel => Resampling.HalfPixel,
            Generator.Model.ResizeCoordinates.PytorchHalfPixel => Resampling.PytorchHalfPixel,
            Generator.Model.ResizeCoordinates.AlignCorners => Resampling.AlignCorners,
            Generator.Model.ResizeCoordinates.Asymmetric => Resampling.Asymmetric,
            _ => throw new NotSupportedException($"resize coordinates {layer.Coordinates}"),
        };
        if (layer.Mode == Generator.Model.ResizeMode.Linear) return Resampling.Linear(x, sizes, scales, position);
        return Resampling.Nearest(x, sizes, scales, position, layer.Rounding switch
        {
            Generator.Model.NearestRounding.RoundPreferFloor => Resampling.RoundPreferFloor,
            Generator.Model.NearestRounding.RoundPreferCeil => Resampling.RoundPreferCeil,
            Generator.Model.NearestRounding.Floor => Math.Floor,
            Generator.Model.NearestRounding.Ceil => Math.Ceiling,
            _ => throw new NotSupportedException($"rounding {layer.Rounding}"),
        });
    }

    private static Func<double, double> Function(Activation layer)
    {
        (double alpha, double beta) = (layer.Alpha, layer.Beta);
        return layer.Function switch
        {
            ActivationKind.Relu => Activations.Relu,
            ActivationKind.Relu6 => Activations.Relu6,
            ActivationKind.Clip => x => Activations.Clip(x, alpha, beta),
            ActivationKind.LeakyRelu => x => Activations.LeakyRelu(x, alpha),
            ActivationKind.Elu => x => Activations.Elu(x, alpha),
            ActivationKind.Sigmoid => Activations.Sigmoid,
            ActivationKind.Tanh => Activations.Tanh,
            ActivationKind.HardSigmoid => x => Activations.HardSigmoid(x, alpha, beta),
            ActivationKind.HardSwish => Activations.HardSwish,
            ActivationKind.Softplus => Activations.Softplus,
            ActivationKind.Exp => Activations.Exp,
            ActivationKind.Sqrt => Activations.Sqrt,
            ActivationKind.Sign => Activations.Sign,
            ActivationKind.Binarize => Activations.Binarize,
            ActivationKind.Quantize when layer.Levels > 0 => x => Activations.Quantize(x, layer.Levels, layer.Low - beta, layer.High - beta),
            ActivationKind.Quantize => x => Activations.Quantize(x, alpha, layer.Low - beta, layer.High - beta),
            ActivationKind.Affine => x => Activations.Affine(x, alpha, beta),
            ActivationKind.Pow => x => Activations.Pow(x, alpha),
            _ => throw new NotSupportedException($"activation {layer.Function}"),
        };
    }

    private static Func<double, double, double> Function(BinaryKind kind) => kind switch
    {
        BinaryKind.Add => (a, b) => a + b,
        BinaryKind.Sub => (a, b) => a - b,
        BinaryKind.Mul => (a, b) => a * b,
        BinaryKind.Div => (a, b) => a / b,
        BinaryKind.Pow => Math.Pow,
        BinaryKind.Min => Math.Min,
        BinaryKind.Max => Math.Max,
        _ => throw new NotSupportedException($"binary function {kind}"),
    };
}
