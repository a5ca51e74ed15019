using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Verification;

/// <summary>
/// Finds the first node that computes something wrong. The network is compiled once more with every node as an output, and each value is
/// compared with what the float64 operators make of the values that the node has read.
/// </summary>
internal sealed class FaultFinder(ImportedNetwork network)
{
    private static readonly Tolerance NodeTolerance = new(1e-4, 1e-3);

    private readonly NetworkModel _model = network.Model;
    private readonly ReferenceNetwork _reference = new(network.Model, name => network.Weights[name].Data);

    /// <summary>For example <c>first wrong node conv2 (Conv 8 3x3), ONNX value 'x7': largest ...</c>.</summary>
    /// <param name="isa">The instruction set for which the outputs are wrong.</param>
    /// <param name="inputs">What the network read.</param>
    /// <param name="expected">What its outputs should have been.</param>
    /// <param name="tolerances">One for each output.</param>
    public string Find(TargetIsa isa, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> expected, IReadOnlyList<Tolerance> tolerances)
    {
        ReferenceTensor[] sources = [.. inputs.Select(i => ReferenceTensor.FromSingle(i.Floats, i.Dims))];
        ReferenceTensor[] outputs = _reference.RunOutputs(sources);
        for (int i = 0; i < outputs.Length; i++)
        {
            ReferenceTensor output = outputs[i];
            if (Difference.Of(expected[i].Floats, k => output.Data[k], tolerances[i]).Wrong > 0)
                return "the float64 operators do not give the expected result either: the import, or the data set, is wrong";
        }

        return FirstWrongNode(RunEveryNode(isa, sources));
    }

    /// <summary>The first node whose value does not follow from the values that it read.</summary>
    /// <param name="values">The value of every node, as the compiled network computed it.</param>
    public string FirstWrongNode(IReadOnlyList<ReferenceTensor> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Node node = _model.Nodes[i];
            if (node.Layer is Input) continue;
            ReferenceTensor right = _reference.Evaluate(node, [.. node.Inputs.Select(input => values[input])]);

            // Rounding grows with what is added up, of which the largest result is a measure.
            double scale = right.Data.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            Tolerance tolerance = NodeTolerance with { Absolute = NodeTolerance.Absolute * Math.Max(1, scale) };
            Difference difference = Difference.Of(values[i].ToSingle(), k => right.Data[k], tolerance);
            if (difference.Wrong > 0) return $"first wrong node {node.Name} ({(node.Layer.Kind + " " + node.Layer.Describe()).Trim()}){Origin(node)}: {difference}";
        }

        return "every node is right where all values are kept: the fault is in a fusion or in the memory plan";
    }

    private string Origin(Node node) => network.NodeOrigins.TryGetValue(node.Name, out string? value) ? $", ONNX value '{value}'" : "";

    private ReferenceTensor[] RunEveryNode(TargetIsa isa, ReferenceTensor[] inputs)
    {
        int[] computed = [.. Enumerable.Range(0, _model.Nodes.Count).Where(i => _model.Nodes[i].Layer is not Input)];
        using NodeRunner runner = new(network, computed, isa);
        float[][] results = runner.Run([.. inputs.Select(i => (ReadOnlyMemory<float>)i.ToSingle())]);
        ReferenceTensor[] values = new ReferenceTensor[_model.Nodes.Count];
        int next = 0;
        foreach (int input in _model.Inputs) values[input] = inputs[next++];
        for (int i = 0; i < computed.Length; i++) values[computed[i]] = ReferenceTensor.FromSingle(results[i], _model.Nodes[computed[i]].Shape.Dims.ToArray());
        return values;
    }
}
