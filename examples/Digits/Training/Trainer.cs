using System.Numerics.Tensors;

namespace CnnCodegen.Examples.Training;

/// <summary>Mini-batches, learning rate and random numbers: everything a run depends on besides the data.</summary>
internal sealed class Trainer
{
    /// <summary>Passes over the training images.</summary>
    public const int Epochs = 15;

    private const int Batch = 50;
    private const float PeakRate = 0.003f;

    private readonly Random _random;
    private readonly DigitsModel<float> _model;
    private readonly Adam _adam;
    private int _epoch;

    public Trainer(int seed)
    {
        _random = new Random(seed);
        _model = new DigitsModel<float>(_random);
        _adam = new Adam(_model.Parameters);
    }

    public IReadOnlyList<Parameter<float>> Parameters => _model.Parameters;

    /// <summary>Learns every image once, in random order and distorted; returns the mean loss.</summary>
    public double RunEpoch(MnistData data)
    {
        int[] order = [.. Enumerable.Range(0, data.Images.Length)];
        _random.Shuffle(order);
        var image = new float[MnistData.Side * MnistData.Side];
        double loss = 0;
        for (int start = 0; start < order.Length; start += Batch)
        {
            var batch = order.AsSpan(start, Math.Min(Batch, order.Length - start));
            foreach (int index in batch)
            {
                Augmentation.Distort(_random, data.Images[index], image);
                loss += _model.Learn(image, data.Labels[index]);
            }

            _adam.Step(Rate(_epoch + (double)start / order.Length), batch.Length);
        }

        _epoch++;
        return loss / order.Length;
    }

    /// <summary>How many images get their highest score at their label.</summary>
    public int CountCorrect(MnistData data) =>
        data.Images.Zip(data.Labels).Count(pair => TensorPrimitives.IndexOfMax<float>(_model.Forward(pair.First)) == pair.Second);

    /// <summary>Half a cosine from the peak at the start to zero at the end.</summary>
    private static float Rate(double epoch) => PeakRate * (float)(1 + Math.Cos(Math.PI * epoch / Epochs)) / 2;
}
