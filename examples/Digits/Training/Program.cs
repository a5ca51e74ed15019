using System.Diagnostics;
using System.Globalization;
using CnnCodegen.Examples.Training;
using CnnCodegen.Weights;

if (args is not [var folder, var output])
{
    Console.Error.WriteLine("Usage: Digits.Training <folder with the four MNIST files> <digits.safetensors>");
    return 1;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var train = MnistData.Read(folder, "train");
    var test = MnistData.Read(folder, "t10k");
    var watch = Stopwatch.StartNew();
    var trainer = new Trainer(seed: 1);
    for (int epoch = 1; epoch <= Trainer.Epochs; epoch++)
    {
        double loss = trainer.RunEpoch(train);
        Console.WriteLine($"epoch {epoch,2}  loss {loss:0.0000}  {watch.Elapsed.TotalSeconds,4:0} s");
    }

    int right = trainer.CountCorrect(test);
    SafetensorsWriter.Write(output, trainer.Parameters.Select(parameter => (parameter.Name, parameter.Shape, (ReadOnlyMemory<float>)parameter.Values)));
    Console.WriteLine($"{right} of {test.Images.Length} test images right: {100.0 * right / test.Images.Length:0.00} %");
    return 0;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
