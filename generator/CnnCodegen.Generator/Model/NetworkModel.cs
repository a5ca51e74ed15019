using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// What the user asked for: a directed acyclic graph of layers in topological order, without anything of Roslyn in it.
/// </summary>
/// <param name="Type">The annotated class.</param>
/// <param name="Nodes">In source order; a node reads earlier ones only.</param>
/// <param name="Outputs">Indices of the nodes whose values <c>Run</c> returns, in order.</param>
internal sealed record NetworkModel(NetworkType Type, EquatableArray<Node> Nodes, EquatableArray<int> Outputs)
{
    /// <summary>What the algorithms may add to the rounding error.</summary>
    public Accuracy Accuracy { get; init; }

    /// <summary>Which algorithms measured best; null if nobody measured.</summary>
    public Tuning? Tuning { get; init; }

    /// <summary>Which weights are zero; null where nothing says so.</summary>
    public WeightManifest? Manifest { get; init; }

    /// <summary>Some layers ask for code with the places of their weights; nothing else makes use of <see cref="Manifest"/>.</summary>
    public bool Unrolls => Nodes.Any(n => n.Layer is WeightedLayer { Refinement: Sparse { Unroll: true } });

    /// <summary>Indices of the input nodes, in order.</summary>
    public IEnumerable<int> Inputs => Enumerable.Range(0, Nodes.Count).Where(i => Nodes[i].Layer is Input);

    /// <summary>
    /// What the user calls the outputs: the node's name, or the name of the layer that an unnamed activation or norm belongs to
    /// (<c>conv1</c> for the node <c>conv1.relu</c>).
    /// </summary>
    public IEnumerable<string> OutputNames => Outputs.Select(o => Label(Nodes[o]));

    public IReadOnlyList<TensorShape> InputShapes(Node node) => node.Inputs.Select(i => Nodes[i].Shape).ToArray();

    /// <summary>How often each value is read; an output counts as a reader.</summary>
    public int[] UseCounts()
    {
        int[] uses = new int[Nodes.Count];
        foreach (Node node in Nodes)
            foreach (int input in node.Inputs) uses[input]++;
        foreach (int output in Outputs) uses[output]++;
        return uses;
    }

    /// <summary>What the user calls a node's value: see <see cref="OutputNames"/>.</summary>
    public static string Label(Node node)
    {
        if (node.Layer is not (Activation or PRelu or BatchNorm or Identity)) return node.Name;
        string suffix = "." + node.Layer.Kind.ToLowerInvariant();
        string name = node.Name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : node.Name;
    }

    /// <summary>All tensors of the weight file, by full name, with the layer each belongs to.</summary>
    public IEnumerable<(string Name, TensorShape Shape, Node Node)> WeightTensors()
    {
        foreach (Node node in Nodes)
        {
            IReadOnlyList<TensorShape> inputs = InputShapes(node);
            foreach (WeightTensor tensor in node.Layer.Weights(inputs))
                yield return (node.Name + "." + tensor.Suffix, tensor.Shape, node);
            if (node.Epilogue.Norm is { } norm)
                foreach (WeightTensor tensor in norm.Layer.Weights([node.Shape]))
                    yield return (norm.Name + "." + tensor.Suffix, tensor.Shape, node);
        }
    }
}

/// <summary>The annotated class.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Name">The class's name.</param>
/// <param name="Weights">The file <c>Load()</c> opens; null when the attribute names none.</param>
internal sealed record NetworkType(string Namespace, string Name, string? Weights = null)
{
    public string FullName => Namespace.Length == 0 ? Name : Namespace + "." + Name;

    /// <summary>Tells it from networks whose full names differ in case only; 1 unless there are such.</summary>
    public int Number { get; init; } = 1;

    /// <summary>What the names of its generated files begin with.</summary>
    public string FileName => NetworkTwins.FileName(FullName) + (Number > 1 ? FormattableString.Invariant($"-{Number}") : "");
}
