using System.Numerics;

namespace CnnCodegen.Examples.Training;

/// <summary>ReLU and the maximum of each 2 x 2 window, of an even height and width.</summary>
internal sealed class ReluMaxPoolLayer<T>(int channels, int height, int width) : ILayer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly int[] _winner = new int[channels * height * width / 4];
    private readonly T[] _output = new T[channels * height * width / 4];
    private readonly T[] _inputGradient = new T[channels * height * width];

    public IReadOnlyList<Parameter<T>> Parameters => [];

    public T[] Forward(T[] input)
    {
        for (int index = 0; index < _output.Length; index++)
        {
            // Channels lie below each other, so that an image of channels is one tall plane.
            int corner = index / (width / 2) * 2 * width + index % (width / 2) * 2;
            int top = input[corner] >= input[corner + 1] ? corner : corner + 1;
            int below = input[corner + width] >= input[corner + width + 1] ? corner + width : corner + width + 1;
            _winner[index] = input[top] >= input[below] ? top : below;
            _output[index] = T.Max(T.Zero, input[_winner[index]]);
        }

        return _output;
    }

    public T[] Backward(T[] gradient)
    {
        Array.Clear(_inputGradient);
        for (int index = 0; index < _output.Length; index++)
        {
            if (_output[index] > T.Zero)
                _inputGradient[_winner[index]] = gradient[index];
        }

        return _inputGradient;
    }
}
