using System.Numerics;

namespace CnnCodegen.Examples.Training;

/// <summary>A tensor to be learned, and the gradient summed over the images of a mini-batch.</summary>
internal sealed class Parameter<T> where T : struct, IFloatingPointIeee754<T>
{
    private Parameter(string name, int[] shape)
    {
        Name = name;
        Shape = shape;
        int length = shape.Aggregate(1, (a, b) => a * b);
        Values = new T[length];
        Gradient = new T[length];
    }

    public string Name { get; }

    public int[] Shape { get; }

    public T[] Values { get; }

    public T[] Gradient { get; }

    /// <summary>Zero: the usual start of a bias.</summary>
    public static Parameter<T> Zeros(string name, params int[] shape) => new(name, shape);

    /// <summary>He's initialisation, normal with variance 2 / fan-in, for a layer that a ReLU follows.</summary>
    public static Parameter<T> Normal(Random random, string name, params int[] shape)
    {
        var parameter = new Parameter<T>(name, shape);
        double deviation = Math.Sqrt(2.0 * shape[0] / parameter.Values.Length);
        foreach (ref T value in parameter.Values.AsSpan())
        {
            // Box and Muller: 1 - u keeps the logarithm's argument above zero.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            value = T.CreateChecked(deviation * radius * Math.Cos(Math.Tau * random.NextDouble()));
        }

        return parameter;
    }
}
