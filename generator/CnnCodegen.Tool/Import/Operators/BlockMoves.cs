using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Moves between channels and space.</summary>
internal static class BlockMoves
{
    public static IReadOnlyList<Value> DepthToSpace(NodeContext node)
    {
        bool columnRowDepth = node.Node.Text("mode", "DCR") switch
        {
            "CRD" => true,
            "DCR" => false,
            string other => throw new ImportException($"its mode '{other}' is not known; DCR and CRD are"),
        };
        return [node.Add(new DepthToSpace(node.Int("blocksize", 0), columnRowDepth), node.Computed(0))];
    }

    public static IReadOnlyList<Value> SpaceToDepth(NodeContext node) => [node.Add(new SpaceToDepth(node.Int("blocksize", 0)), node.Computed(0))];
}
