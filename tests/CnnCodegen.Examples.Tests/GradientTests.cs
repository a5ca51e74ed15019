using CnnCodegen.Examples.Training;

namespace CnnCodegen.Examples.Tests;

public class GradientTests
{
    [Fact]
    public void GradientsAgreeWithFiniteDifferences()
    {
        var random = new Random(5);
        var model = new DigitsModel<double>(random);
        var image = new double[28 * 28];
        foreach (ref double pixel in image.AsSpan())
            pixel = random.NextDouble();

        model.Learn(image, 3);
        var gradients = model.Parameters.Select(parameter => parameter.Gradient.ToArray()).ToList();
        foreach (var (parameter, gradient) in model.Parameters.Zip(gradients))
        {
            for (int trial = 0; trial < 12; trial++)
            {
                int index = random.Next(gradient.Length);
                double expected = (Loss(parameter, index, 1e-6) - Loss(parameter, index, -1e-6)) / 2e-6;
                Assert.True(
                    Math.Abs(gradient[index] - expected) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
                    $"{parameter.Name}[{index}]: {gradient[index]}, by differences {expected}");
            }
        }

        double Loss(Parameter<double> parameter, int index, double step)
        {
            double value = parameter.Values[index];
            parameter.Values[index] = value + step;
            double loss = model.Learn(image, 3);
            parameter.Values[index] = value;
            return loss;
        }
    }
}
