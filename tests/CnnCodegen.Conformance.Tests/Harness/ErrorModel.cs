using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>
/// Runs a network on the oracle with a running error analysis: what a float32 kernel may lose in each layer, whatever order it sums in and
/// whatever was folded into its weights, plus what the layer makes of the errors of its inputs. Layers that only multiply, add and move
/// numbers lose nothing while every partial sum is a multiple of a power of two that float32 holds.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="weights">Its weights by name.</param>
/// <param name="amplifications">Layers whose algorithm loses more than the direct one, and the factor of its bound.</param>
internal sealed class ErrorModel(NetworkModel model, Func<string, ReadOnlyMemory<float>> weights, IReadOnlyDictionary<string, double>? amplifications = null)
{
    /// <summary>The outputs of the network, in order.</summary>
    public Bounded[] Run(IReadOnlyList<ReferenceTensor> inputs)
    {
        Bounded[] values = new Bounded[model.Nodes.Count];
        int input = 0;
        for (int i = 0; i < values.Length; i++)
        {
            Node node = model.Nodes[i];
            values[i] = node.Layer switch
            {
                Input => Bounded.Exactly(inputs[input++]),
                Parameter => Bounded.Exactly(Oracle(node).Apply(node.Layer, [])),
                _ => Evaluate(node, [.. node.Inputs.Select(value => values[value])]),
            };
        }

        return [.. model.Outputs.Select(output => values[output])];
    }

    private Bounded Evaluate(Node node, Bounded[] x)
    {
        ReferenceTensor value = Oracle(node).Apply(node.Layer, [.. x.Select(input => input.Value)]);
        ReferenceTensor error = node.Layer switch
        {
            Conv when amplifications is not null && amplifications.TryGetValue(node.Name, out double factor) =>
                new LinearError(Oracle(node), Absolute(node)).Transformed(node, x, factor),
            Conv or ConvTranspose or Generator.Model.Linear or MatMul => new LinearError(Oracle(node), Absolute(node)).Sum(node, x, WeightQuantum(node)),
            Pool { Function: PoolKind.Average } or GlobalPool { Function: PoolKind.Average } or ReduceMean or Resize { Mode: Generator.Model.ResizeMode.Linear } =>
                new LinearError(Oracle(node), Absolute(node)).Mean(node, x[0]),
            Pad pad => Oracle(node).Apply(pad with { Value = 0 }, [x[0].Error]),
            Pool or GlobalPool or Concat or Reshape or Transpose or Rearrange or Slice or Resize or Identity =>
                Oracle(node).Apply(node.Layer, [.. x.Select(input => input.Error)]),
            Activation activation => ElementError.Of(activation, x[0], value, v => Oracle(node).Apply(activation, [v])),
            Binary binary => ElementError.Of(binary.Function, x[0], x[1], value),
            PRelu => ElementError.PRelu(x[0], value, WeightQuantum(node), v => Absolute(node).Apply(node.Layer, [v])),
            BatchNorm norm => NormError.Batch(norm, x[0], suffix => Weight(node, suffix)),
            InstanceNorm norm => NormError.Instance(norm, x[0], value, suffix => Weight(node, suffix)),
            LocalResponseNorm norm => NormError.LocalResponse(norm, x[0], value),
            Softmax softmax => NormError.Softmax(softmax, x[0], value),
            _ => throw new NotSupportedException($"no error bound for {node.Layer.Kind}"),
        };
        return new Bounded(value, Bounded.Zip(value, error, (v, e) => double.IsFinite(v) ? e : 0));
    }

    private ReferenceLayer Oracle(Node node) => new(node.Name, Load);

    /// <summary>The layer with the magnitudes of its weights.</summary>
    private ReferenceLayer Absolute(Node node)
    {
        Func<string, TensorShape, ReferenceTensor> load = Load;
        return new ReferenceLayer(node.Name, (name, shape) => load(name, shape).Map(Math.Abs));
    }

    private double WeightQuantum(Node node)
    {
        IReadOnlyList<WeightTensor> tensors = node.Layer.Weights(model.InputShapes(node));
        return tensors.Select(t => Bounded.QuantumOf(Load(node.Name + "." + t.Suffix, t.Shape))).DefaultIfEmpty(1).Min();
    }

    private double[] Weight(Node node, string suffix)
    {
        WeightTensor tensor = node.Layer.Weights(model.InputShapes(node)).Single(t => t.Suffix == suffix);
        return Load(node.Name + "." + suffix, tensor.Shape).Data;
    }

    private ReferenceTensor Load(string name, TensorShape shape) => ReferenceTensor.FromSingle(weights(name).Span, shape.Dims.ToArray());
}
