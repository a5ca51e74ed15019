using System.Numerics;
using System.Numerics.Tensors;

namespace CnnCodegen.Examples.Training;

/// <summary>A fully connected layer.</summary>
internal sealed class LinearLayer<T>(string name, int outputs, int inputs, Random random) : ILayer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight = Parameter<T>.Normal(random, name + ".weight", outputs, inputs);
    private readonly Parameter<T> _bias = Parameter<T>.Zeros(name + ".bias", outputs);
    private readonly T[] _output = new T[outputs];
    private readonly T[] _inputGradient = new T[inputs];
    private T[] _input = [];

    public IReadOnlyList<Parameter<T>> Parameters => [_weight, _bias];

    public T[] Forward(T[] input)
    {
        _input = input;
        for (int output = 0; output < outputs; output++)
            _output[output] = _bias.Values[output] + TensorPrimitives.Dot<T>(Row(_weight.Values, output), input);
        return _output;
    }

    public T[] Backward(T[] gradient)
    {
        Array.Clear(_inputGradient);
        for (int output = 0; output < outputs; output++)
        {
            var row = Row(_weight.Gradient, output);
            TensorPrimitives.FusedMultiplyAdd(_input, gradient[output], row, row);
            TensorPrimitives.FusedMultiplyAdd(Row(_weight.Values, output), gradient[output], _inputGradient, _inputGradient);
            _bias.Gradient[output] += gradient[output];
        }

        return _inputGradient;
    }

    private Span<T> Row(T[] matrix, int row) => matrix.AsSpan(row * inputs, inputs);
}
