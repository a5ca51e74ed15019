using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;

namespace CnnCodegen.Tool.Models;

/// <summary>
/// Inputs for a network to try it on. A folder holds a <c>.npy</c> or <c>.pb</c> file for each sample of a network with one input, or a
/// folder for each sample with files <c>input_0</c>, <c>input_1</c> and so on. Where their first dimension is a multiple of the network's
/// batch, they are several samples.
/// </summary>
internal static class SampleFolder
{
    private const int Seed = 1;

    /// <summary>All samples, in order of their names; each has a tensor for every input of the network.</summary>
    /// <exception cref="CommandException">There are none, or one has other inputs than the network.</exception>
    /// <exception cref="TensorFileException">A file is malformed.</exception>
    public static IReadOnlyList<ReadOnlyMemory<float>[]> Read(string folder, NetworkModel model)
    {
        if (!Directory.Exists(folder)) throw new CommandException($"{folder}: there is no such folder");
        string[][] samples = [.. Tensors(folder, "*").Select(file => (string[])[file]), .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => Tensors(d, "input_*")).Where(s => s.Length > 0)];
        if (samples.Length == 0) throw new CommandException($"{folder}: there are no samples; a sample is a .npy or .pb file, or a folder of files input_0, input_1, ...");
        return [.. samples.SelectMany(sample => Read(sample, model))];
    }

    /// <summary>One sample of uniform noise in [-1, 1).</summary>
    public static IReadOnlyList<ReadOnlyMemory<float>[]> Noise(NetworkModel model)
    {
        Random random = new(Seed);
        return [[.. model.Inputs.Select(i => (ReadOnlyMemory<float>)Enumerable.Range(0, (int)model.Nodes[i].Shape.Elements).Select(_ => (2 * random.NextSingle()) - 1).ToArray())]];
    }

    private static ReadOnlyMemory<float>[][] Read(string[] files, NetworkModel model)
    {
        Node[] inputs = [.. model.Inputs.Select(i => model.Nodes[i])];
        if (files.Length != inputs.Length) throw new CommandException($"{files[0]}: the sample has {Quantity.Count(files.Length, "tensor")}, the network {Quantity.Count(inputs.Length, "input")}");
        ReadOnlyMemory<float>[][] parts = [.. files.Select((file, i) => Parts(file, inputs[i]))];
        if (parts.Any(p => p.Length != parts[0].Length)) throw new CommandException($"{files[0]}: the inputs of the sample have different batches");
        return [.. Enumerable.Range(0, parts[0].Length).Select(sample => parts.Select(p => p[sample]).ToArray())];
    }

    private static ReadOnlyMemory<float>[] Parts(string file, Node input)
    {
        Tensor tensor = TensorFile.Read(file);
        int length = (int)input.Shape.Elements;
        bool fits = tensor.Dims.Length == input.Shape.Rank && tensor.Dims.Skip(1).SequenceEqual(input.Shape.Dims.Skip(1)) && tensor.Length > 0 && tensor.Length % length == 0;
        if (!fits) throw new CommandException($"{file}: the sample is {tensor.Shape}; the network's input {input.Name} is {input.Shape}");
        float[] values = tensor.ToFloats().Floats;
        return [.. Enumerable.Range(0, values.Length / length).Select(i => (ReadOnlyMemory<float>)values.AsMemory(i * length, length))];
    }

    private static string[] Tensors(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Where(f => Path.GetExtension(f).ToLowerInvariant() is ".npy" or ".pb").Order(StringComparer.Ordinal)];
}
