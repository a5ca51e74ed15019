using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Examples.Tests;

/// <summary>The network of the Digits example in plain loops and double precision, by its definition alone.</summary>
internal sealed class NaiveDigits(string weightFile)
{
    private readonly Dictionary<string, double[]> _weights = Read(weightFile);

    /// <summary>The ten probabilities of an image of 28 x 28.</summary>
    public double[] Run(float[] image)
    {
        double[] features = Array.ConvertAll(image, pixel => (double)pixel);
        features = MaxPool(Relu(Conv("conv1", features, 1, 8, 28)), 8, 28);
        features = MaxPool(Relu(Conv("conv2", features, 8, 16, 14)), 16, 14);
        return Softmax(Linear("fc", features, 10));
    }

    /// <summary>The most probable digit.</summary>
    public int Classify(float[] image)
    {
        var scores = Run(image);
        return Array.IndexOf(scores, scores.Max());
    }

    private double[] Conv(string name, double[] x, int channels, int filters, int side)
    {
        double[] weight = _weights[name + ".weight"], bias = _weights[name + ".bias"], y = new double[filters * side * side];
        for (int filter = 0; filter < filters; filter++)
        for (int row = 0; row < side; row++)
        for (int column = 0; column < side; column++)
        {
            double sum = bias[filter];
            for (int channel = 0; channel < channels; channel++)
            for (int ky = 0; ky < 5; ky++)
            for (int kx = 0; kx < 5; kx++)
            {
                int iy = row + ky - 2, ix = column + kx - 2;
                if (iy >= 0 && iy < side && ix >= 0 && ix < side)
                    sum += weight[((filter * channels + channel) * 5 + ky) * 5 + kx] * x[(channel * side + iy) * side + ix];
            }

            y[(filter * side + row) * side + column] = sum;
        }

        return y;
    }

    private static double[] Relu(double[] x) => Array.ConvertAll(x, value => value > 0 ? value : 0);

    private static double[] MaxPool(double[] x, int channels, int side)
    {
        int half = side / 2;
        var y = new double[channels * half * half];
        for (int channel = 0; channel < channels; channel++)
        for (int row = 0; row < half; row++)
        for (int column = 0; column < half; column++)
        {
            double best = double.NegativeInfinity;
            for (int dy = 0; dy < 2; dy++)
            for (int dx = 0; dx < 2; dx++)
                best = Math.Max(best, x[(channel * side + 2 * row + dy) * side + 2 * column + dx]);
            y[(channel * half + row) * half + column] = best;
        }

        return y;
    }

    private double[] Linear(string name, double[] x, int outputs)
    {
        double[] weight = _weights[name + ".weight"], bias = _weights[name + ".bias"], y = new double[outputs];
        for (int output = 0; output < outputs; output++)
        {
            y[output] = bias[output];
            for (int input = 0; input < x.Length; input++)
                y[output] += weight[output * x.Length + input] * x[input];
        }

        return y;
    }

    private static double[] Softmax(double[] x)
    {
        double peak = x.Max(), sum = x.Sum(value => Math.Exp(value - peak));
        return Array.ConvertAll(x, value => Math.Exp(value - peak) / sum);
    }

    private static Dictionary<string, double[]> Read(string path)
    {
        var content = File.ReadAllBytes(path);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(content);
        using var json = JsonDocument.Parse(content.AsMemory(8, header));
        return json.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").ToDictionary(tensor => tensor.Name, tensor =>
        {
            var offsets = tensor.Value.GetProperty("data_offsets");
            var data = content.AsSpan(8 + header)[offsets[0].GetInt32()..offsets[1].GetInt32()];
            return Array.ConvertAll(MemoryMarshal.Cast<byte, float>(data).ToArray(), value => (double)value);
        });
    }
}
