using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// Builds a <see cref="NetworkModel"/> node by node, inferring and checking every shape as it goes. The attribute reader
/// and the ONNX importer both end here, so a definition means the same wherever it comes from.
/// </summary>
internal sealed class NetworkBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    public IReadOnlyList<Node> Nodes => _nodes;

    public TensorShape Shape(int value) => _nodes[value].Shape;

    /// <summary>Appends a layer and returns its value.</summary>
    /// <exception cref="ModelException">The name is taken, or the inputs do not fit the layer.</exception>
    public int Add(string name, Layer layer, params int[] inputs)
    {
        if (_byName.ContainsKey(name))
            throw new ModelException($"the name '{name}' is taken by an earlier layer; names are unique");
        if (inputs.Length != layer.Arity)
            throw new ModelException($"{layer.Kind} reads {layer.Arity} values, not {inputs.Length}");

        (Layer resolved, TensorShape shape) = Infer(layer, inputs.Select(i => _nodes[i].Shape).ToArray());
        _byName.Add(name, _nodes.Count);
        _nodes.Add(new Node(name, resolved, new EquatableArray<int>(inputs), shape, Epilogue.None));
        return _nodes.Count - 1;
    }

    /// <summary>A layer with what it takes from its inputs, and the shape of its result.</summary>
    /// <exception cref="ModelException">The inputs do not fit the layer.</exception>
    public static (Layer Layer, TensorShape Shape) Infer(Layer layer, params TensorShape[] shapes)
    {
        try
        {
            Layer resolved = layer.Resolve(shapes);
            TensorShape shape = resolved.InferShape(shapes);
            if (shape.Dims.Any(d => d < 1))
                throw new ModelException($"the result would be {shape}; every dimension must be at least 1");
            if (shape.Elements > TensorShape.MaxElements)
                throw new ModelException($"the result {shape} is larger than {TensorShape.MaxElements} elements");
            if (shape.BlockedElements > TensorShape.MaxBlockedElements)
                throw new ModelException($"the result {shape} is larger than {TensorShape.MaxBlockedElements} elements with its channels in whole vectors");
            foreach (WeightTensor tensor in resolved.Weights(shapes))
                if (tensor.Shape.Elements > TensorShape.MaxElements)
                    throw new ModelException($"the weight tensor {tensor.Suffix} {tensor.Shape} is larger than {TensorShape.MaxElements} elements");
            return (resolved, shape);
        }
        catch (OverflowException)
        {
            throw new ModelException("a dimension of the result is too large");
        }
    }

    /// <summary>The finished network; without <paramref name="outputs"/> the last node is the output.</summary>
    /// <exception cref="ModelException">There is no input or no layer.</exception>
    public NetworkModel Build(NetworkType type, params int[] outputs)
    {
        if (!_nodes.Any(n => n.Layer is Input)) throw new ModelException("the network has no Input");
        if (_nodes.All(n => n.Layer is Input)) throw new ModelException("the network has no layer behind its Input");
        int[] ends = outputs.Length > 0 ? outputs : [_nodes.Count - 1];
        return new NetworkModel(type, _nodes.ToEquatableArray(), new EquatableArray<int>(ends));
    }
}
