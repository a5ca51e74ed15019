using System.Numerics;

namespace CnnCodegen.Examples.Training;

/// <summary>A layer with its buffers, for one image at a time.</summary>
internal interface ILayer<T> where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>What the layer learns.</summary>
    IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>The result, valid until the next call; the input must stay as it is until <see cref="Backward"/>.</summary>
    T[] Forward(T[] input);

    /// <summary>
    /// Adds to the gradients of the parameters and returns the gradient of the input,
    /// given the gradient of the result of the last <see cref="Forward"/>.
    /// </summary>
    T[] Backward(T[] gradient);
}
