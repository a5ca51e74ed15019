using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Weights;

namespace CnnCodegen.Benchmarks;

/// <summary>A network of one layer on random weights and input.</summary>
internal sealed class SingleLayer : IDisposable
{
    private const int Seed = 1;

    private readonly CompiledNetwork _compiled;
    private readonly INetwork _network;
    private readonly ReadOnlyMemory<float>[] _inputs;
    private readonly Memory<float>[] _outputs;

    /// <param name="layer">The layer.</param>
    /// <param name="isa">What it is compiled for.</param>
    /// <param name="threads">Threads that share a run.</param>
    /// <param name="inputs">The shape of each value that it reads.</param>
    public SingleLayer(Layer layer, Isa isa, int threads, params TensorShape[] inputs)
        : this(Build(layer, betweenBlocks: false, inputs), isa, threads)
    {
    }

    private SingleLayer(NetworkModel model, Isa isa, int threads)
    {
        TensorShape[] inputs = [.. model.Inputs.Select(i => model.Nodes[i].Shape)];
        int result = model.Outputs[0];
        Random random = new(Seed);
        float[] numbers(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle() - 0.5f)];
        float[] weightsOf(Node node, string name, TensorShape shape) => Refine((node.Layer as WeightedLayer)?.Refinement, name[(node.Name.Length + 1)..], numbers(shape.Elements));
        using MemoryStream weights = new();
        SafetensorsWriter.Write(weights, model.WeightTensors().Select(t => (t.Name, t.Shape.Dims.ToArray(), (ReadOnlyMemory<float>)weightsOf(t.Node, t.Name, t.Shape))));
        weights.Position = 0;

        _compiled = NetworkCompiler.Compile(model, isa);
        _network = _compiled.Load(weights, new NetworkOptions { Threads = threads, AllowEmulation = true });
        _inputs = [.. inputs.Select(shape => (ReadOnlyMemory<float>)numbers(shape.Elements))];
        _outputs = [new float[model.Nodes[result].Shape.Elements]];
        Bytes = sizeof(float) * (inputs.Sum(shape => shape.Elements) + model.WeightTensors().Sum(t => t.Shape.Elements) + model.Nodes[result].Shape.Elements);
    }

    /// <summary>A layer whose input comes from one that writes channel blocks, and whose output goes to one that reads them.</summary>
    public static SingleLayer BetweenBlocks(Layer layer, Isa isa, TensorShape input) => new(Build(layer, betweenBlocks: true, input), isa, threads: 1);

    /// <summary>A layer of one bit that reads packed bits and stores packed bits.</summary>
    public static SingleLayer OfBits(Conv layer, Isa isa, TensorShape input)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("binary", new Activation(ActivationKind.Binarize), builder.Add("input0", new Input(input)));
        int y = builder.Add("layer", layer with { Refinement = new BinaryWeight() }, x);
        return new SingleLayer(builder.Build(new NetworkType("Benchmark", "Layer"), builder.Add("bits", new Activation(ActivationKind.Binarize), y)), isa, threads: 1);
    }

    /// <summary>A layer of a DoReFa-Net, codes in and out.</summary>
    public static SingleLayer OfFewBits(Conv layer, int weightBits, int codeBits, Isa isa, TensorShape input)
    {
        int levels = (1 << codeBits) - 1;
        Activation quantize = new(ActivationKind.Quantize, 1f / levels) { High = levels, Levels = levels };
        NetworkBuilder builder = new();
        int x = builder.Add("codes", quantize, builder.Add("input0", new Input(input)));
        int y = builder.Add("layer", layer with { Refinement = weightBits == 1 ? new BinaryWeight() : new DoReFa(weightBits) }, x);
        return new SingleLayer(builder.Build(new NetworkType("Benchmark", "Layer"), builder.Add("quantized", quantize, y)), isa, threads: 1);
    }

    /// <summary>A layer of 8-bit weights between quantisations, in integers where it is pinned to them or they are chosen.</summary>
    public static SingleLayer OfCodes(Conv layer, Isa isa, TensorShape input)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("codes", Codes(zero: 128), builder.Add("input0", new Input(input)));
        int y = builder.Add("layer", layer with { Refinement = new Int8() }, x);
        return new SingleLayer(builder.Build(new NetworkType("Benchmark", "Layer"), builder.Add("quantized", Codes(zero: 0), y)), isa, threads: 1);

        static Activation Codes(int zero) => new(ActivationKind.Quantize, 1 / 256f, zero) { High = byte.MaxValue };
    }

    /// <summary>Multiply-adds of the direct algorithm.</summary>
    public long Macs => _network.Info.Macs;

    /// <summary>Inputs, weights and output, each once.</summary>
    public long Bytes { get; }

    /// <summary>What the planner chose.</summary>
    public string Algorithm => string.Join(" + ", _network.Info.Layers.Where(IsComputation).Select(layer => layer.Algorithm).Distinct());

    /// <summary>A whole call: changes of layout, and the layer.</summary>
    public void Run() => _network.Run(_inputs, _outputs);

    /// <summary>Microseconds of the layer without changes of layout, median of so many runs.</summary>
    public double Time(int runs) => _network.Profile(_inputs, _outputs, runs).Layers.Where(step => IsComputation(step.Layer)).Sum(step => step.Microseconds);

    /// <summary>Microseconds without and with the changes of layout next to the layer, medians of so many runs.</summary>
    public (double Layer, double Whole) Times(int runs)
    {
        // A value changes its form under the name of the layer that made it; the network's input does so for the layers before.
        LayerTime[] steps = [.. _network.Profile(_inputs, _outputs, runs).Layers.Where(step => step.Layer.Name == "layer" || step.Layer.Name.StartsWith("before", StringComparison.Ordinal))];
        return (steps.Where(step => IsComputation(step.Layer)).Sum(step => step.Microseconds),
            steps.Where(step => !step.Layer.Algorithm.StartsWith("pool", StringComparison.Ordinal)).Sum(step => step.Microseconds));
    }

    public void Dispose()
    {
        _network.Dispose();
        _compiled.Dispose();
    }

    private static NetworkModel Build(Layer layer, bool betweenBlocks, params TensorShape[] inputs)
    {
        NetworkBuilder builder = new();
        Pool blocks = new(PoolKind.Max, Window.Square(2, 1));
        int[] sources = [.. inputs.Select((shape, i) => builder.Add($"input{i}", new Input(shape)))];
        if (betweenBlocks) sources = [.. sources.Select((source, i) => builder.Add($"before{i}", blocks, source))];
        int result = builder.Add("layer", layer, sources);
        return builder.Build(new NetworkType("Benchmark", "Layer"), betweenBlocks ? builder.Add("after", blocks, result) : result);
    }

    /// <summary>Gives the weights of a layer the form that it promises.</summary>
    private static float[] Refine(Refinement? refinement, string tensor, float[] values)
    {
        if (tensor == Int8.Scales) return Array.ConvertAll(values, _ => 1 / 256f);
        if (tensor != "weight") return values;
        if (refinement is Int8) return Array.ConvertAll(values, x => MathF.Round(x * 254) / 256);
        if (refinement is BinaryWeight) return Array.ConvertAll(values, x => x >= 0 ? 1f : -1f);
        if (refinement is DoReFa dorefa) return Array.ConvertAll(values, x => (2 * MathF.Floor((x + 0.5f) * (1 << dorefa.Bits)) / ((1 << dorefa.Bits) - 1)) - 1);
        if (refinement is not Sparse sparse) return values;
        int[] order = [.. Enumerable.Range(0, values.Length)];
        new Random(Seed).Shuffle(order);
        foreach (int i in order.Skip(sparse.Limit(values.Length))) values[i] = 0;
        return values;
    }

    private static bool IsComputation(LayerInfo layer) => layer.Name == "layer" && layer.Algorithm is not ("reorder" or "bits" or "codes");
}
