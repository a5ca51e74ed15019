using CnnCodegen.Generator.Algorithms.Reference.Emitters;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Reference;

/// <summary>Every layer that computes, by its definition: plain loops over dense tensors with literal bounds. Never declines.</summary>
internal sealed class ReferenceAlgorithm : IAlgorithm
{
    public const string Id = "reference";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv or ConvTranspose or Linear or MatMul
        or Pool or GlobalPool or ReduceMean or Resize { Mode: ResizeMode.Linear }
        or Softmax or LocalResponseNorm or InstanceNorm
        or Activation or Binary or PRelu or BatchNorm;

    public Claim Claim(LayerContext layer)
    {
        Need[] needs = layer.InputShapes.Select(_ => new Need(Form.Dense)).ToArray();
        bool inPlace = layer.Layer is Activation or BatchNorm or PRelu or Softmax or InstanceNorm or Binary && layer.InputShapes[0] == layer.Node.Shape;
        return new Claimed("plain loops over dense tensors", needs, Form.Dense, inPlace, (_, _) => [Plan(layer)]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => LayerEmitter.Of((ReferencePlan)plan).Emit(writer);

    private static KernelCall Plan(LayerContext layer)
    {
        Node node = layer.Node;
        bool residual = node.Epilogue.Residual;
        EquatableArray<TensorShape> inputs = layer.InputShapes.Take(layer.Layer.Arity).ToEquatableArray();
        ReferencePlan plan = new(layer.Isa, Describe(node, inputs), Summary(node, inputs), 1, layer.Layer, inputs, node.Shape, residual, node.Epilogue.Activation);
        return new KernelCall(plan with { Units = LayerEmitter.Of(plan).Units }, 0, residual ? inputs.Count : inputs.Count > 1 ? 1 : -1, Weights(node, inputs));
    }

    private static PackRecipe? Weights(Node node, IReadOnlyList<TensorShape> inputs)
    {
        int length(string suffix) => (int)node.Layer.Weights(inputs).First(t => t.Suffix == suffix).Shape.Elements;
        return node.Layer switch
        {
            Conv conv => new FoldedRecipe(ConvWeights.Of(node, conv.Bias), length("weight"), conv.OutChannels, inputs[0][1], conv.Groups, Transposed: false),
            ConvTranspose conv => new FoldedRecipe(ConvWeights.Of(node, conv.Bias), length("weight"), conv.OutChannels, inputs[0][1], conv.Groups, Transposed: true),
            Linear linear => new FoldedRecipe(ConvWeights.Of(node, linear.Bias), length("weight"), linear.OutFeatures, Linear.InFeatures(inputs[0]), 1, Transposed: false),
            BatchNorm norm => new AffineRecipe(node.Name, norm.Epsilon, inputs[0][1], inputs[0][1]),
            _ => node.Layer.Weights(inputs).Count > 0 ? DenseRecipe.Of(node, inputs) : null,
        };
    }

    private static string Describe(Node node, IReadOnlyList<TensorShape> inputs)
    {
        string options = node.Layer switch
        {
            Conv conv => Geometry(conv.Window, conv.Groups),
            ConvTranspose conv => Geometry(conv.Window, conv.Groups),
            Pool pool => Geometry(pool.Window, 1),
            Softmax softmax => $"_Axis{softmax.Axis}",
            ReduceMean mean => "_Axes" + string.Join("_", mean.Axes),
            LocalResponseNorm norm => $"_Size{norm.Size}",
            _ => "",
        };
        return $"{node.Layer.Kind}_Reference_{string.Join("_", inputs)}_{node.Shape}{options}" + node.Epilogue.Tag();
    }

    private static string Geometry(Window window, int groups) =>
        $"_K{string.Join("x", window.Kernel)}S{string.Join("x", window.Strides)}" + (groups > 1 ? $"G{groups}" : "");

    private static string Summary(Node node, IReadOnlyList<TensorShape> inputs)
    {
        return $"{node.Layer.Kind} {node.Layer.Describe()}".Trim() + $", {string.Join(" and ", inputs)} to {node.Shape}{node.Epilogue.Summary()}.";
    }
}
