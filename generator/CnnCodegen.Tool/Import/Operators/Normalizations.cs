using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Normalisations in their inference form.</summary>
internal static class Normalizations
{
    public static IReadOnlyList<Value> Batch(NodeContext node)
    {
        if (node.Int("training_mode", 0) != 0) throw ImportException.Unsupported("it is in training mode; export the model for inference");
        if (node.Int("spatial", 1) == 0 && node.Shape(0).Rank > 2) throw ImportException.Unsupported("spatial = 0 (statistics per pixel) is not supported");
        return [node.AddWeighted(
            new BatchNorm(node.Node.Float("epsilon", 1e-5f)),
            node.Computed(0),
            ("weight", node.Constant(1)),
            ("bias", node.Constant(2)),
            ("running_mean", node.Constant(3)),
            ("running_var", node.Constant(4)))];
    }

    public static IReadOnlyList<Value> Instance(NodeContext node) =>
        [node.AddWeighted(new InstanceNorm(node.Node.Float("epsilon", 1e-5f)), node.Computed(0), ("weight", node.Constant(1)), ("bias", node.Constant(2)))];

    public static IReadOnlyList<Value> LocalResponse(NodeContext node)
    {
        LocalResponseNorm layer = new(node.Int("size", 0), node.Node.Float("alpha", 1e-4f), node.Node.Float("beta", 0.75f), node.Node.Float("bias", 1));
        return [node.Add(layer, node.Computed(0))];
    }
}
