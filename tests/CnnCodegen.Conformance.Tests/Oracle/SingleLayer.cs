using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>Runs one layer of the model on the oracle, from shape inference to the value.</summary>
internal static class SingleLayer
{
    /// <param name="layer">The layer, as a reader of models would make it.</param>
    /// <param name="tensors">Its inputs, then its weights in the order the layer lists them.</param>
    public static ReferenceTensor Run(Layer layer, params ReferenceTensor[] tensors)
    {
        NetworkBuilder builder = new();
        ReferenceTensor[] inputs = tensors[..layer.Arity];
        int[] values = [.. inputs.Select((x, i) => builder.Add($"input{i}", new Input(TensorShape.Of(x.Shape))))];
        int node = builder.Add("layer", layer, values);
        NetworkModel model = builder.Build(new NetworkType("", "SingleLayer"));

        IReadOnlyList<WeightTensor> weights = builder.Nodes[node].Layer.Weights([.. inputs.Select(x => TensorShape.Of(x.Shape))]);
        Assert.Equal(tensors.Length, layer.Arity + weights.Count);
        Dictionary<string, float[]> file = [];
        for (int i = 0; i < weights.Count; i++) file.Add("layer." + weights[i].Suffix, tensors[layer.Arity + i].ToSingle());
        return new ReferenceNetwork(model, name => file[name]).RunOutputs(inputs)[0];
    }
}
