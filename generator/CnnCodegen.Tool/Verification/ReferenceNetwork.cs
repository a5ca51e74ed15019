using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;

namespace CnnCodegen.Tool.Verification;

/// <summary>
/// Runs a model node by node on the naive float64 operators: what every compiled network is compared with. It reads models as
/// they were defined and as rewrites left them, so it also judges the rewrites.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="weights">The float32 elements of a tensor of the weight file, by its full name.</param>
internal sealed class ReferenceNetwork(NetworkModel model, Func<string, ReadOnlyMemory<float>> weights)
{
    /// <summary>The value of every node, in the order of the nodes.</summary>
    /// <param name="inputs">One tensor for each input of the network, in order.</param>
    /// <exception cref="ArgumentException">An input, or a tensor of the weight file, has another shape than the model.</exception>
    public ReferenceTensor[] Run(params IReadOnlyList<ReferenceTensor> inputs)
    {
        int[] inputNodes = [.. model.Inputs];
        if (inputs.Count != inputNodes.Length)
            throw new ArgumentException($"the network has {inputNodes.Length} inputs, and {inputs.Count} were given", nameof(inputs));

        ReferenceTensor[] values = new ReferenceTensor[model.Nodes.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Node node = model.Nodes[i];
            values[i] = node.Layer is Input
                ? inputs[Array.IndexOf(inputNodes, i)]
                : Evaluate(node, [.. node.Inputs.Select(input => values[input])]);
            if (!values[i].Shape.SequenceEqual(node.Shape.Dims))
                throw new ArgumentException($"{node.Name}: the value is {TensorShape.Of(values[i].Shape)} and the model says {node.Shape}");
        }

        return values;
    }

    /// <summary>The outputs of the network, in order.</summary>
    /// <inheritdoc cref="Run"/>
    public ReferenceTensor[] RunOutputs(params IReadOnlyList<ReferenceTensor> inputs)
    {
        ReferenceTensor[] values = Run(inputs);
        return [.. model.Outputs.Select(output => values[output])];
    }

    /// <summary>The value of one node, its epilogue applied.</summary>
    /// <param name="node">A node of the model, no input.</param>
    /// <param name="inputs">The values it reads, a fused residual last.</param>
    public ReferenceTensor Evaluate(Node node, IReadOnlyList<ReferenceTensor> inputs)
    {
        Epilogue epilogue = node.Epilogue;
        ReferenceTensor[] own = [.. epilogue.Residual ? inputs.SkipLast(1) : inputs];
        ReferenceTensor value = new ReferenceLayer(node.Name, Weight).Apply(node.Layer, own);
        if (epilogue.Norm is { } norm) value = new ReferenceLayer(norm.Name, Weight).Apply(norm.Layer, [value]);
        if (epilogue.Residual) value = Broadcasting.Apply(value, inputs[^1], (x, residual) => x + residual);
        return epilogue.Activation is { } activation ? new ReferenceLayer(node.Name, Weight).Apply(activation, [value]) : value;
    }

    private ReferenceTensor Weight(string name, TensorShape shape)
    {
        ReadOnlyMemory<float> data = weights(name);
        if (data.Length != shape.Elements)
            throw new ArgumentException($"{name}: the weight has {data.Length} elements and the model expects {shape} ({shape.Elements})");
        return ReferenceTensor.FromSingle(data.Span, shape.Dims.ToArray());
    }
}
