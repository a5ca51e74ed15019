using CnnCodegen.Generator.Model;
using static CnnCodegen.Generator.Emission.Literals;

namespace CnnCodegen.Generator.Emission;

/// <summary>The run-time calls that refuse weights which are not what their refinement promises, whichever algorithm multiplies by them.</summary>
internal static class WeightCheckText
{
    public static IEnumerable<string> Calls(NetworkModel model) =>
        from node in model.Nodes
        where node.Layer is WeightedLayer { Refinement: not null }
        let weight = node.Layer.Weights(model.InputShapes(node))[0]
        from call in Calls(((WeightedLayer)node.Layer).Refinement!, node.Name, String(node.Name + "." + weight.Suffix), weight.Shape)
        select call;

    private static IEnumerable<string> Calls(Refinement refinement, string layer, string tensor, TensorShape shape)
    {
        yield return Call(refinement, layer, tensor, shape);
        if (refinement is Sparse { Shared: true } sparse) yield return $"packer.RequireSharedZeros({tensor}, filters: {shape[0]}, places: {sparse.SharedLimit(shape.Elements / shape[0])});";
    }

    private static string Call(Refinement refinement, string layer, string tensor, TensorShape shape) => refinement switch
    {
        Int8 => $"packer.RequireCodes({tensor}, {String(layer + "." + Int8.Scales)});",
        Sparse sparse => $"packer.RequireZeros({tensor}, nonZeros: {sparse.Limit(shape.Elements)});",
        BinaryWeight => $"packer.RequireSigns({tensor}, filters: {shape[0]}, zeros: null);",
        Bitwise bitwise => $"packer.RequireSigns({tensor}, filters: {shape[0]}, zeros: {Double(bitwise.Zeros)});",
        DoReFa dorefa => $"packer.RequireGrid({tensor}, bits: {dorefa.Bits});",
        _ => throw new InvalidOperationException($"No check for {refinement.Kind}."),
    };
}
