using System.Numerics;
using System.Numerics.Tensors;

namespace CnnCodegen.Examples.Training;

/// <summary>The network of <c>Digits.cs</c>, for training; float to train, double to check the gradients.</summary>
internal sealed class DigitsModel<T> where T : struct, IFloatingPointIeee754<T>
{
    private readonly ILayer<T>[] _layers;
    private readonly T[] _gradient = new T[10];

    public DigitsModel(Random random)
    {
        _layers =
        [
            new ConvLayer<T>("conv1", filters: 8, kernel: 5, (1, 28, 28), random),
            new ReluMaxPoolLayer<T>(8, 28, 28),
            new ConvLayer<T>("conv2", filters: 16, kernel: 5, (8, 14, 14), random),
            new ReluMaxPoolLayer<T>(16, 14, 14),
            new LinearLayer<T>("fc", outputs: 10, inputs: 16 * 7 * 7, random),
        ];
        Parameters = [.. _layers.SelectMany(layer => layer.Parameters)];
    }

    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>The ten scores of an image of 28 x 28 before the softmax, valid until the next call.</summary>
    public T[] Forward(T[] image)
    {
        foreach (var layer in _layers)
            image = layer.Forward(image);
        return image;
    }

    /// <summary>Returns the cross-entropy of one image and adds its gradient to those of the parameters.</summary>
    public T Learn(T[] image, int label)
    {
        var scores = Forward(image);
        T peak = TensorPrimitives.Max<T>(scores);
        TensorPrimitives.Subtract(scores, peak, _gradient);
        T difference = _gradient[label];
        TensorPrimitives.Exp<T>(_gradient, _gradient);
        T sum = TensorPrimitives.Sum<T>(_gradient);
        TensorPrimitives.Divide(_gradient, sum, _gradient);
        _gradient[label] -= T.One;

        var gradient = _gradient;
        for (int layer = _layers.Length - 1; layer >= 0; layer--)
            gradient = _layers[layer].Backward(gradient);
        return T.Log(sum) - difference;
    }
}
