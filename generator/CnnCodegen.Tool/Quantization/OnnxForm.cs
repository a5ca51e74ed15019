using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Onnx;
using static CnnCodegen.Tool.Onnx.AttributeProto.Types;

namespace CnnCodegen.Tool.Quantization;

/// <summary>A layer as a node of ONNX.</summary>
/// <param name="Operator">Its operator.</param>
/// <param name="Attributes">What it is given besides tensors.</param>
internal sealed record OnnxForm(string Operator, params AttributeProto[] Attributes)
{
    /// <summary>The tensors of the weight file that follow its inputs, by suffix.</summary>
    public IReadOnlyList<string> Tensors { get; init; } = [];

    /// <summary>Numbers that follow its inputs, by what they are called after.</summary>
    public IReadOnlyList<(string Name, float Value)> Scalars { get; init; } = [];

    /// <summary>The shape that follows its input.</summary>
    public long[]? Dims { get; init; }

    /// <exception cref="CommandException">The layer has none that is known here.</exception>
    public static OnnxForm Of(Node node) => Find(node) ?? throw new CommandException(Refusal(node));

    /// <summary>Says that a layer has none that is known here.</summary>
    public static string Refusal(Node node) => $"{node.Name}: {node.Layer.Kind} {node.Layer.Describe()} cannot be written to an ONNX file; leave out --onnx, which writes a class instead";

    /// <summary>The form of a layer; null if none is known here.</summary>
    public static OnnxForm? Find(Node node) => node.Layer switch
    {
        Conv { Refinement: null or Int8 } conv => new("Conv", [.. WindowOf(conv.Window), Dilations(conv.Window), Int("group", conv.Groups)]) { Tensors = Weights(conv.Bias) },
        Linear { Refinement: null or Int8 } linear => new("Gemm", Int("transB", 1)) { Tensors = Weights(linear.Bias) },
        BatchNorm norm => new("BatchNormalization", Float("epsilon", norm.Epsilon)) { Tensors = ["weight", "bias", "running_mean", "running_var"] },
        Activation activation => Function(activation),
        Pool { Function: PoolKind.Max } pool => new("MaxPool", [.. WindowOf(pool.Window), Dilations(pool.Window), Ceil(pool.Window)]),
        Pool pool when pool.Window.Dilations.All(d => d == 1) =>
            new("AveragePool", [.. WindowOf(pool.Window), Ceil(pool.Window), Int("count_include_pad", pool.CountIncludePad ? 1 : 0)]),
        GlobalPool pool => new($"Global{pool.Function}Pool"),
        Binary binary => new(binary.Function.ToString()),
        Concat concat => new("Concat", Int("axis", concat.Axis)),
        Softmax softmax => new(softmax.Kind, Int("axis", softmax.Axis)),
        Reshape reshape => new("Reshape") { Dims = [.. reshape.Dims.Select(d => (long)d)] },
        LocalResponseNorm norm => new("LRN", Int("size", norm.Size), Float("alpha", norm.Alpha), Float("beta", norm.Beta), Float("bias", norm.K)),
        Identity => new("Identity"),
        _ => null,
    };

    private static OnnxForm? Function(Activation activation) => activation.Function switch
    {
        ActivationKind.Relu or ActivationKind.Sigmoid or ActivationKind.Tanh or ActivationKind.HardSwish or ActivationKind.Softplus
            or ActivationKind.Exp or ActivationKind.Sqrt or ActivationKind.Sign => new(activation.Function.ToString()),
        ActivationKind.Relu6 => new("Clip") { Scalars = [("min", 0), ("max", 6)] },
        ActivationKind.Clip => new("Clip") { Scalars = [("min", activation.Alpha), ("max", activation.Beta)] },
        ActivationKind.LeakyRelu or ActivationKind.Elu => new(activation.Function.ToString(), Float("alpha", activation.Alpha)),
        ActivationKind.HardSigmoid => new("HardSigmoid", Float("alpha", activation.Alpha), Float("beta", activation.Beta)),
        _ => null,
    };

    private static string[] Weights(bool bias) => bias ? ["weight", "bias"] : ["weight"];

    private static AttributeProto[] WindowOf(Window window) =>
        [Ints("kernel_shape", window.Kernel), Ints("strides", window.Strides), Ints("pads", window.PadsBegin.Concat(window.PadsEnd))];

    private static AttributeProto Dilations(Window window) => Ints("dilations", window.Dilations);

    private static AttributeProto Ceil(Window window) => Int("ceil_mode", window.CeilMode ? 1 : 0);

    /// <summary>An attribute that is an integer.</summary>
    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    private static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    private static AttributeProto Ints(string name, IEnumerable<int> values) => new() { Name = name, Ints = { values.Select(v => (long)v) }, Type = AttributeType.Ints };
}
