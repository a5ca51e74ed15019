using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Softmax and LogSoftmax.</summary>
internal static class Softmaxes
{
    public static IReadOnlyList<Value> Softmax(NodeContext node) => [Import(node, log: false)];

    public static IReadOnlyList<Value> LogSoftmax(NodeContext node) => [Import(node, log: true)];

    private static Draft Import(NodeContext node, bool log)
    {
        Draft x = node.Computed(0);
        int axis = node.Int("axis", node.Opset < 13 ? 1 : -1);

        // Before opset 13 the input is a matrix: the sum goes over all dimensions from the axis on.
        if (node.Opset >= 13 || x.Shape.Dims.Skip(Normalize(axis, x.Shape.Rank) + 1).All(d => d == 1))
            return node.Add(new Softmax(axis, log), x);
        Draft matrix = node.Add(new Flatten(axis), x);
        return node.Add(new Reshape(x.Shape.Dims), node.Add(new Softmax(1, log), matrix));
    }

    private static int Normalize(int axis, int rank) => axis < 0 ? axis + rank : axis;
}
