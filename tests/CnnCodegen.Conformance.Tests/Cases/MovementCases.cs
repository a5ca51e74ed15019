using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Layers that only move elements, and products of matrices.</summary>
internal static class MovementCases
{
    public static IEnumerable<Case> All =>
    [
        One("Reshape", new Reshape([3, -1, 5]), 3, 4, 10),
        One("Flatten", new Flatten(), 3, 5, 2, 3),
        One("Transpose_Reverse", new Transpose([]), 2, 3, 4, 5),
        One("Transpose_ToLast", new Transpose([0, 2, 3, 1]), 3, 13, 4, 5),
        One("Transpose_Rank5", new Transpose([3, 0, 4, 2, 1]), 2, 3, 4, 5, 2),
        One("ChannelShuffle", new ChannelShuffle(3), 1, 12, 4, 5),
        One("DepthToSpace_Crd", new DepthToSpace(2), 3, 12, 3, 4),
        One("DepthToSpace_Dcr", new DepthToSpace(3, ColumnRowDepth: false), 1, 18, 2, 3),
        One("SpaceToDepth", new SpaceToDepth(2), 1, 5, 4, 6),
        One("Slice_Steps", new Slice([1, 0], [-1, 100], [2, 3], [2, 3]), 1, 5, 8, 10),
        One("Slice_Backwards", new Slice([-1, 4], [-100, 0], [1, 3], [-1, -2]), 1, 5, 3, 6),
        One("Slice_Batch", new Slice([1], [3], [0], []), 3, 16, 2, 3),
        One("Pad_Constant", new Pad([0, 1, 2, 0], [0, 2, 0, 3], Value: 7), 1, 5, 3, 4),
        One("Pad_OneRowToTwo", new Pad([0, 0, 0, 0], [0, 0, 1, 1], Value: 1.5f), 2, 19, 1, 8),
        One("Pad_Cut", new Pad([0, 0, -1, 2], [0, -2, 1, -1]), 1, 5, 4, 6),
        One("Pad_Reflect", new Pad([0, 0, 2, 1], [0, 0, 1, 3], Generator.Model.PadMode.Reflect), 3, 5, 4, 5),
        One("Pad_Edge", new Pad([0, 0, 3, 1], [0, 0, 0, 4], Generator.Model.PadMode.Edge), 1, 3, 2, 3),
        One("Pad_Rank2", new Pad([1, 2], [0, 3]), 3, 5),
        Two("Concat_Channels", new Concat(2), [3, 5, 4, 3], [3, 13, 4, 3]),
        Two("Concat_Height", new Concat(2, 2), [1, 5, 4, 3], [1, 5, 1, 3]),
        Two("Concat_Last", new Concat(2, -1), [1, 5, 4, 3], [1, 5, 4, 2]),
        Two("Concat_Batch", new Concat(2, 0), [1, 5, 4], [3, 5, 4]),
        Two("Concat_Rank5", new Concat(2), [1, 2, 2, 3, 2], [1, 1, 2, 3, 2]),
        Two("MatMul", new MatMul(), [5, 13], [13, 7]),
        Two("MatMul_Batches", new MatMul(), [3, 2, 5, 4], [3, 2, 4, 9]),
        Two("MatMul_Broadcast", new MatMul(), [3, 1, 5, 4], [2, 4, 9]),
        Linear("Linear_C1", 1, 1, 1),
        Linear("Linear_37_10", 10, 1, 37),
        Linear("Linear_Batch3_13_19", 19, 3, 13),
        Linear("Linear_FromImage", 16, 3, 5, 3, 4),
        Linear("Linear_Wide", 133, 1, 8),
        Linear("Linear_Deep", 37, 2, 997),

        // The same behind a convolution, where the value is blocked at first.
        .. new (string Name, Layer Layer)[]
        {
            ("Transpose", new Transpose([0, 2, 3, 1])),
            ("Shuffle", new ChannelShuffle(3)),
            ("DepthToSpace", new DepthToSpace(2, ColumnRowDepth: false)),
            ("SpaceToDepth", new SpaceToDepth(2)),
            ("Slice", new Slice([5, 1], [11, 4], [1, 2], [])),
            ("Pad", new Pad([0, 1, 1, 0], [0, 0, 2, 3], Value: -2)),
            ("Linear", new Linear(10)),
        }.Select(layer => Case.Exact(layer.Name + "_Blocked", b => [b.Add("y", layer.Layer, b.Conv("conv", b.Input(1, 3, 4, 6), 12))])),
    ];

    private static Case One(string name, Layer layer, params int[] input) => Case.Layer(name, Numbers.Integers, layer, TensorShape.Of(input));

    private static Case Two(string name, Layer layer, int[] a, int[] b) => Case.Layer(name, Numbers.Integers, layer, TensorShape.Of(a), TensorShape.Of(b));

    private static Case Linear(string name, int features, params int[] input) => One(name, new Linear(features), input);
}
