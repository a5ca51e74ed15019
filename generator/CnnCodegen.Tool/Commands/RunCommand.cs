using System.CommandLine;
using CnnCodegen.Tool.Models;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;

namespace CnnCodegen.Tool.Commands;

/// <summary><c>cnncodegen run MODEL --input x.npy --output y.npy</c>: computes the outputs for given inputs.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Command command = new("run", "Runs a model on the inputs of files and writes its outputs to files.");
        ModelOptions model = new(command);
        Option<string[]> inputs = new("--input", "-i") { Description = "A .npy or ONNX .pb file for each input, in order.", Required = true };
        Option<string[]> outputs = new("--output", "-o") { Description = "A .npy or .pb file to write for each output, in order.", Required = true };
        Option<int> threads = ModelOptions.Threads();
        command.Add(inputs);
        command.Add(outputs);
        command.Add(threads);
        return command.Does((result, terminal) =>
        {
            string[] targets = result.GetRequiredValue(outputs);
            foreach (string target in targets) TensorFile.Extension(target);
            if (targets.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new CommandException($"--output {twice.First()} is given {Times(twice.Count())}; give each output a file of its own");
            Tensor[] sources = [.. result.GetRequiredValue(inputs).Select(i => TensorFile.Read(i).ToExactFloats())];
            int threadCount = ModelOptions.AtLeastOne(result, threads, most: 1024);
            ModelRequest request = model.Read(result, terminal);

            using LoadedModel loaded = terminal.Wait($"Compiling {request.Path}", () => ModelLoader.Open(request));
            foreach (string warning in loaded.Code.Warnings) terminal.Notice(warning);
            NetworkInfo info = loaded.Info;
            if (targets.Length != info.Outputs.Count)
                throw new CommandException($"--output is given {Times(targets.Length)}; {info.Name} has {info.Outputs.Count}: {string.Join(", ", info.Outputs.Select(Describe))}");
            ReadOnlyMemory<float>[] values = Bind(info, sources);
            float[][] results = [.. info.Outputs.Select(o => new float[o.Length])];
            using (INetwork network = loaded.Load(threadCount)) network.Run(values, [.. results.Select(r => r.AsMemory())]);
            for (int i = 0; i < targets.Length; i++)
            {
                TensorFile.Write(targets[i], info.Outputs[i].Name, info.Outputs[i].Shape, results[i]);
                terminal.Output.WriteLine($"{targets[i]}: {Describe(info.Outputs[i])}");
            }

            return 0;
        });
    }

    private static ReadOnlyMemory<float>[] Bind(NetworkInfo info, Tensor[] sources)
    {
        if (sources.Length != info.Inputs.Count)
            throw new CommandException($"--input is given {Times(sources.Length)}; {info.Name} has {info.Inputs.Count}: {string.Join(", ", info.Inputs.Select(Describe))}");
        for (int i = 0; i < sources.Length; i++)
            if (!sources[i].Dims.SequenceEqual(info.Inputs[i].Shape))
                throw new CommandException($"input {i} is {sources[i].Shape}; {info.Name} reads {Describe(info.Inputs[i])}. Reshape the file{(sources[i].Length == info.Inputs[i].Length ? "" : ", or import the model for another size")}");
        return [.. sources.Select(s => (ReadOnlyMemory<float>)s.ToFloats().Floats)];
    }

    private static string Describe(TensorInfo tensor) => $"{tensor.Name} {tensor.ShapeText}";

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
