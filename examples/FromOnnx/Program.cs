#if MODEL
using System.Globalization;
using CnnCodegen;
using Imported;

using INetwork network = Model.Load();
NetworkInfo info = network.Info;

// Any input will do to see the network run; a fixed seed makes the run repeatable.
Random random = new(1);
ReadOnlyMemory<float>[] inputs = [.. info.Inputs.Select(input => (ReadOnlyMemory<float>)Fill(input.Length))];
Memory<float>[] outputs = [.. info.Outputs.Select(output => (Memory<float>)new float[output.Length])];
network.Run(inputs, outputs);

for (int i = 0; i < outputs.Length; i++)
{
    float[] values = outputs[i].ToArray();
    IEnumerable<string> largest = values.Select((value, index) => (value, index)).OrderByDescending(v => v.value).Take(5)
        .Select(v => string.Create(CultureInfo.InvariantCulture, $"[{v.index}] {v.value:G4}"));
    Console.WriteLine($"{info.Outputs[i].Name} {info.Outputs[i].ShapeText}, largest: {string.Join("  ", largest)}");
}

Console.WriteLine();
Console.WriteLine(network.Profile(inputs, outputs, runs: 20));

float[] Fill(int length)
{
    float[] values = new float[length];
    for (int i = 0; i < length; i++) values[i] = random.NextSingle();
    return values;
}
#else
Console.Error.WriteLine("Name a network: dotnet run --project examples/FromOnnx -c Release -p:Model=network.onnx");
return 1;
#endif
