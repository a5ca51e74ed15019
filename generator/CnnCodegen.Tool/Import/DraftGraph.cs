using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>The layers imported so far; every one is behind those it reads.</summary>
internal sealed class DraftGraph
{
    private readonly NetworkBuilder _shapes = new();
    private readonly Dictionary<Draft, int> _indices = [];
    private readonly Dictionary<Tensor, Draft> _parameters = [];
    private readonly List<Draft> _drafts = [];

    public IReadOnlyList<Draft> Drafts => _drafts;

    /// <summary>Appends a layer, with its shape inferred and its weights checked.</summary>
    /// <exception cref="ModelException">The inputs do not fit the layer.</exception>
    /// <exception cref="ImportException">The weights do not fit the inputs.</exception>
    public Draft Add(Layer layer, Draft[] inputs, IReadOnlyList<(string Suffix, Tensor Data)> weights, string weightName = "", OnnxNode? node = null)
    {
        int index = _shapes.Add($"#{_drafts.Count}", layer, [.. inputs.Select(i => _indices[i])]);
        Layer resolved = _shapes.Nodes[index].Layer;
        foreach (WeightTensor expected in resolved.Weights([.. inputs.Select(i => i.Shape)]))
        {
            Tensor actual = weights.Single(w => w.Suffix == expected.Suffix).Data;
            if (actual.Shape != expected.Shape || !actual.IsFloat)
                throw new ImportException($"its {expected.Suffix} is {actual.Shape} {(actual.IsFloat ? "floats" : "integers")}; the input and the attributes ask for {expected.Shape} floats");
        }

        Draft draft = new(resolved, inputs, _shapes.Shape(index))
        {
            Weights = weights,
            WeightName = weightName,
            NodeName = node?.Name ?? "",
            OpType = node?.OpType ?? "",
        };
        _indices.Add(draft, index);
        _drafts.Add(draft);
        return draft;
    }

    /// <summary>A constant as a layer, the same one for every reader.</summary>
    public Draft Parameter(Tensor constant, string name)
    {
        if (!_parameters.TryGetValue(constant, out Draft? draft))
            _parameters.Add(constant, draft = Add(new Parameter(constant.Shape), [], [("value", constant)], name));
        return draft;
    }
}
