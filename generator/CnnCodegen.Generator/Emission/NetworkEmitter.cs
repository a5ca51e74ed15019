using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using static CnnCodegen.Generator.Emission.Literals;

namespace CnnCodegen.Generator.Emission;

/// <summary>Writes the part of the annotated class that users call: Load, Run, Profile, Info, Dispose.</summary>
internal static class NetworkEmitter
{
    private const string Host = "global::CnnCodegen.Execution.NetworkHost";
    private const string Options = "global::CnnCodegen.NetworkOptions";

    /// <param name="model">The network as the user wrote it.</param>
    /// <param name="isas">The instruction sets it is generated for, best first.</param>
    public static GeneratedFile Emit(NetworkModel model, IReadOnlyList<Isa> isas)
    {
        NetworkType type = model.Type;
        SourceWriter writer = FileFrame.Start();
        if (type.Namespace.Length == 0)
        {
            EmitClass(model, isas, writer);
        }
        else
        {
            using (writer.Open($"namespace {Name(type.Namespace)}")) EmitClass(model, isas, writer);
        }

        return new GeneratedFile($"{type.FileName}.g.cs", writer.ToString());
    }

    private static void EmitClass(NetworkModel model, IReadOnlyList<Isa> isas, SourceWriter writer)
    {
        NetworkType type = model.Type;
        using (writer.Open($"partial class {Name(type.Name)} : global::CnnCodegen.INetwork"))
        {
            string space = "global::" + FileFrame.Namespace(type);
            writer.Line("/// <summary>One program for each instruction set, best first; the first that the CPU supports is used.</summary>");
            writer.Line("private static readonly global::CnnCodegen.Execution.NetworkProgram[] Programs =");
            writer.Line("[");
            using (writer.Indent())
                foreach (Isa isa in isas) writer.Line($"new {space}.{FileFrame.Program(type, isa)}(),");
            writer.Line("];").Blank();
            writer.Line($"private readonly {Host} _host;").Blank();
            writer.Line($"private {Name(type.Name)}({Host} host) => _host = host;").Blank();
            writer.Line("/// <summary>The plan for this machine: layers, algorithms, kernels, memory.</summary>");
            writer.Line($"public static global::CnnCodegen.NetworkInfo Info => {Host}.Select(Programs, null).Info;").Blank();
            EmitLoad(model, writer);
            EmitRun(model, writer);
            writer.Line("/// <summary>Frees weights and workspaces. Calls that are running end first.</summary>");
            writer.Line("public void Dispose() => _host.Dispose();").Blank();
            writer.Line("global::CnnCodegen.NetworkInfo global::CnnCodegen.INetwork.Info => _host.Info;").Blank();
            string inputs = "global::System.ReadOnlySpan<global::System.ReadOnlyMemory<float>> inputs", outputs = "global::System.ReadOnlySpan<global::System.Memory<float>> outputs";
            writer.Line($"void global::CnnCodegen.INetwork.Run({inputs}, {outputs}) => _host.Run(inputs, outputs);").Blank();
            writer.Line($"global::CnnCodegen.NetworkProfile global::CnnCodegen.INetwork.Profile({inputs}, {outputs}, int runs) => _host.Profile(inputs, outputs, runs);");
        }
    }

    private static void EmitLoad(NetworkModel model, SourceWriter writer)
    {
        string name = Name(model.Type.Name), file = StringOrNull(model.Type.Weights);
        string options = $"{Options}? options = null";
        writer.Line(model.Type.Weights is { } weights
            ? $"/// <summary>Loads the weights of <c>{FileFrame.Xml(weights)}</c>, embedded in the assembly or beside the program.</summary>"
            : "/// <summary>Creates the network; it needs <see cref=\"Load(string, " + Options + ")\"/> if it has weights, since the attribute names no file.</summary>");
        writer.Line($"public static {name} Load({options}) => new({Host}.Open(Programs, {file}, typeof({name}).Assembly, options));").Blank();
        writer.Line("/// <summary>Loads the weights from a safetensors file.</summary>");
        writer.Line($"public static {name} Load(string path, {options}) => new({Host}.Open(Programs, path, options));").Blank();
        writer.Line("/// <summary>Loads the weights from a stream in safetensors format.</summary>");
        writer.Line($"public static {name} Load(global::System.IO.Stream stream, {options}) => new({Host}.Open(Programs, stream, options));").Blank();
    }

    private static void EmitRun(NetworkModel model, SourceWriter writer)
    {
        (string Name, TensorShape Shape)[] inputs = model.Inputs.Select(i => (model.Nodes[i].Name, model.Nodes[i].Shape)).ToArray();
        (string Name, TensorShape Shape)[] outputs = model.Outputs.Zip(model.OutputNames, (i, name) => (name, model.Nodes[i].Shape)).ToArray();
        string[] labels = inputs.Concat(outputs).Select(t => t.Name).ToArray();
        string[] variables = Variables(labels.Concat(labels.Select(label => label + "Pointer"))).ToArray();
        string[] names = variables.Take(labels.Length).ToArray(), ins = names.Take(inputs.Length).ToArray(), outs = names.Skip(inputs.Length).ToArray();
        Dictionary<string, string> pointer = names.Zip(variables.Skip(names.Length), (name, p) => (name, p)).ToDictionary(pair => pair.name, pair => pair.p);

        string spans = string.Join(", ", ins.Select(n => $"global::System.ReadOnlySpan<float> {n}").Concat(outs.Select(n => $"global::System.Span<float> {n}")));
        string pointers = string.Join(", ", names.Select(n => $"{pointer[n]} = {n}"));
        string arguments(string[] of) => "[" + string.Join(", ", of.Select(n => $"new global::CnnCodegen.Execution.Argument({pointer[n]}, {n}.Length)")) + "]";

        Document("Runs the network. Thread-safe; allocates nothing after the first call.");
        using (writer.Open($"public void Run({spans})"))
        using (writer.Open("unsafe"))
        using (writer.Open($"fixed (float* {pointers})"))
            writer.Line($"_host.Run({arguments(ins)}, {arguments(outs)});");
        writer.Blank();

        Document("Runs the network on tensors of exactly these shapes.");
        string tensors = string.Join(", ", ins.Select(n => $"in global::System.Numerics.Tensors.ReadOnlyTensorSpan<float> {n}").Concat(outs.Select(n => $"in global::System.Numerics.Tensors.TensorSpan<float> {n}")));
        using (writer.Open($"public void Run({tensors})"))
        {
            string dense = string.Join(", ",
                ins.Select((n, i) => $"global::CnnCodegen.Execution.TensorArguments.Dense(in {n}, _host.Info.Inputs[{i}])")
                .Concat(outs.Select((n, i) => $"global::CnnCodegen.Execution.TensorArguments.Dense(in {n}, _host.Info.Outputs[{i}])")));
            writer.Line($"Run({dense});");
        }

        writer.Blank();
        Document("Runs the network and measures each layer, after one run to warm up.");
        writer.Line("/// <param name=\"runs\">How many runs to take the median of.</param>");
        using (writer.Open($"public global::CnnCodegen.NetworkProfile Profile({spans}, int runs = 20)"))
        using (writer.Open("unsafe"))
        using (writer.Open($"fixed (float* {pointers})"))
            writer.Line($"return _host.Profile({arguments(ins)}, {arguments(outs)}, runs);");
        writer.Blank();

        void Document(string summary)
        {
            writer.Line($"/// <summary>{summary}</summary>");
            for (int i = 0; i < inputs.Length; i++) writer.Line($"/// <param name=\"{Bare(ins[i])}\">{inputs[i].Shape}, row-major: {inputs[i].Shape.Elements} values.</param>");
            for (int i = 0; i < outputs.Length; i++) writer.Line($"/// <param name=\"{Bare(outs[i])}\">Receives {outputs[i].Shape}, row-major: {outputs[i].Shape.Elements} values.</param>");
        }
    }

    private static string Bare(string identifier) => identifier.TrimStart('@');

    /// <summary>A distinct variable for each name, none of which hides what the methods use.</summary>
    private static IEnumerable<string> Variables(IEnumerable<string> names)
    {
        HashSet<string> taken = ["runs", "_host", "Run"];
        foreach (string name in names)
        {
            string variable = Identifier(name);
            for (int i = 2; !taken.Add(variable); i++) variable = Identifier(name) + i;
            yield return variable;
        }
    }
}
