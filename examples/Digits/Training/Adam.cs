namespace CnnCodegen.Examples.Training;

/// <summary>Adam (Kingma and Ba, 2015) with its usual decay rates.</summary>
internal sealed class Adam(IReadOnlyList<Parameter<float>> parameters)
{
    private const float Decay1 = 0.9f, Decay2 = 0.999f, Epsilon = 1e-8f;

    private readonly float[][] _mean = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
    private readonly float[][] _square = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
    private int _step;

    /// <summary>Moves every parameter against its gradient, a sum over <paramref name="images"/>, and clears that.</summary>
    public void Step(float rate, int images)
    {
        _step++;
        float bias1 = 1 - MathF.Pow(Decay1, _step), bias2 = 1 - MathF.Pow(Decay2, _step);
        for (int index = 0; index < parameters.Count; index++)
        {
            var (values, gradients) = (parameters[index].Values, parameters[index].Gradient);
            for (int i = 0; i < values.Length; i++)
            {
                float gradient = gradients[i] / images;
                float mean = _mean[index][i] = Decay1 * _mean[index][i] + (1 - Decay1) * gradient;
                float square = _square[index][i] = Decay2 * _square[index][i] + (1 - Decay2) * gradient * gradient;
                values[i] -= rate * (mean / bias1) / (MathF.Sqrt(square / bias2) + Epsilon);
            }

            Array.Clear(gradients);
        }
    }
}
