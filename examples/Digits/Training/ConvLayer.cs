using System.Numerics;
using System.Numerics.Tensors;

namespace CnnCodegen.Examples.Training;

/// <summary>A convolution of stride 1 that keeps the size (odd kernel, padding kernel / 2), as a product of matrices.</summary>
internal sealed class ConvLayer<T> : ILayer<T> where T : struct, IFloatingPointIeee754<T>
{
    private readonly int _channels, _height, _width, _kernel, _filters;
    private readonly Parameter<T> _weight, _bias;
    private readonly (int Column, int Image, int Length)[] _runs;
    private readonly T[] _columns, _columnGradient, _output, _inputGradient;

    public ConvLayer(string name, int filters, int kernel, (int Channels, int Height, int Width) input, Random random)
    {
        (_channels, _height, _width) = input;
        (_filters, _kernel) = (filters, kernel);
        _weight = Parameter<T>.Normal(random, name + ".weight", filters, _channels, kernel, kernel);
        _bias = Parameter<T>.Zeros(name + ".bias", filters);
        _runs = [.. Runs()];
        _columns = new T[Taps * Pixels];
        _columnGradient = new T[Taps * Pixels];
        _output = new T[filters * Pixels];
        _inputGradient = new T[_channels * Pixels];
    }

    public IReadOnlyList<Parameter<T>> Parameters => [_weight, _bias];

    private int Pixels => _height * _width;

    private int Taps => _channels * _kernel * _kernel;

    public T[] Forward(T[] input)
    {
        foreach (var (column, image, length) in _runs)
            input.AsSpan(image, length).CopyTo(_columns.AsSpan(column));

        for (int filter = 0; filter < _filters; filter++)
        {
            var output = Row(_output, filter);
            output.Fill(_bias.Values[filter]);
            for (int tap = 0; tap < Taps; tap++)
                TensorPrimitives.FusedMultiplyAdd(Row(_columns, tap), _weight.Values[filter * Taps + tap], output, output);
        }

        return _output;
    }

    public T[] Backward(T[] gradient)
    {
        Array.Clear(_columnGradient);
        for (int filter = 0; filter < _filters; filter++)
        {
            var row = Row(gradient, filter);
            _bias.Gradient[filter] += TensorPrimitives.Sum<T>(row);
            for (int tap = 0; tap < Taps; tap++)
            {
                _weight.Gradient[filter * Taps + tap] += TensorPrimitives.Dot<T>(row, Row(_columns, tap));
                var columns = Row(_columnGradient, tap);
                TensorPrimitives.FusedMultiplyAdd(row, _weight.Values[filter * Taps + tap], columns, columns);
            }
        }

        Array.Clear(_inputGradient);
        foreach (var (column, image, length) in _runs)
        {
            var sum = _inputGradient.AsSpan(image, length);
            TensorPrimitives.Add(sum, _columnGradient.AsSpan(column, length), sum);
        }

        return _inputGradient;
    }

    /// <summary>The runs of pixels that a row of the column matrix shares with the image; what lies outside stays zero.</summary>
    private IEnumerable<(int Column, int Image, int Length)> Runs()
    {
        int padding = _kernel / 2;
        for (int tap = 0; tap < Taps; tap++)
        {
            int channel = tap / (_kernel * _kernel);
            int dy = tap / _kernel % _kernel - padding, dx = tap % _kernel - padding;
            int left = Math.Max(0, -dx), length = _width - Math.Abs(dx);
            for (int y = Math.Max(0, -dy); y < _height - Math.Max(0, dy); y++)
            {
                yield return (tap * Pixels + y * _width + left, channel * Pixels + (y + dy) * _width + left + dx, length);
            }
        }
    }

    private Span<T> Row(T[] matrix, int row) => matrix.AsSpan(row * Pixels, Pixels);
}
