using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Pooling. The indices that MaxPool can return, and with them storage_order, are not supported.</summary>
internal static class Pools
{
    public static IReadOnlyList<Value> Max(NodeContext node) => [node.Add(new Pool(PoolKind.Max, Windows.Read(node)), node.Computed(0))];

    public static IReadOnlyList<Value> Average(NodeContext node) =>
        [node.Add(new Pool(PoolKind.Average, Windows.Read(node), node.Int("count_include_pad", 0) != 0), node.Computed(0))];

    public static IReadOnlyList<Value> GlobalAverage(NodeContext node) => [node.Add(new GlobalPool(PoolKind.Average), node.Computed(0))];

    public static IReadOnlyList<Value> GlobalMax(NodeContext node) => [node.Add(new GlobalPool(PoolKind.Max), node.Computed(0))];
}
