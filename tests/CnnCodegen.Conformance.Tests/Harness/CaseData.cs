using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Weights;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>The inputs and weights of a case, drawn from a seed that its name gives.</summary>
internal sealed class CaseData
{
    private readonly Dictionary<string, (TensorShape Shape, float[] Data)> _weights = new(StringComparer.Ordinal);
    private readonly TensorShape[] _inputShapes;

    public CaseData(Case source)
    {
        Random random = new(Seed(source.Name));
        _inputShapes = [.. source.Model.Inputs.Select(i => source.Model.Nodes[i].Shape)];
        Inputs = [.. _inputShapes.Select(shape => Draw(shape, () => Number(source.Numbers, random, 4)))];
        foreach ((string name, TensorShape shape, Node node) in source.Model.WeightTensors())
        {
            float[] data = Draw(shape, () => Weight(source.Numbers, random, name));
            if (source.Model.Manifest?.NonZeros(name) is { } places) Keep(data, places);
            else if (node.Layer is WeightedLayer { Refinement: { } refinement } && name == node.Name + ".weight") Refine(refinement, data, shape[0], random);
            _weights.Add(name, (shape, data));
        }
        foreach (Node node in source.Model.Nodes.Where(n => n.Layer is WeightedLayer { Refinement: Int8 })) DrawCodes(source.Numbers, random, node.Name);
    }

    /// <summary>The inputs, in order.</summary>
    public float[][] Inputs { get; }

    /// <summary>A tensor of the weight file.</summary>
    public ReadOnlyMemory<float> Weight(string name) => _weights[name].Data;

    /// <summary>The weights as a file.</summary>
    public MemoryStream WeightFile()
    {
        MemoryStream file = new();
        SafetensorsWriter.Write(file, _weights.Select(w => (w.Key, w.Value.Shape.Dims.ToArray(), (ReadOnlyMemory<float>)w.Value.Data)));
        file.Position = 0;
        return file;
    }

    /// <summary>Inputs as the oracle takes them.</summary>
    public ReferenceTensor[] Tensors(float[][] inputs) => [.. inputs.Select((x, i) => ReferenceTensor.FromSingle(x, _inputShapes[i].Dims.ToArray()))];

    /// <summary>The inputs with NaN and infinities in a few places.</summary>
    public float[][] NonFiniteInputs()
    {
        Random random = new(_inputShapes.Length);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        return [.. Inputs.Select(x =>
        {
            float[] copy = [.. x];
            for (int i = 0; i < Math.Min(3, 1 + (x.Length / 8)); i++) copy[random.Next(x.Length)] = values[(i + x.Length) % 3];
            return copy;
        })];
    }

    /// <summary>Weights that are codes times scales; those at both ends are frequent.</summary>
    private void DrawCodes(Numbers numbers, Random random, string layer)
    {
        (float[] scales, float[] weights) = (_weights[$"{layer}.{Int8.Scales}"].Data, _weights[layer + ".weight"].Data);
        for (int k = 0; k < scales.Length; k++) scales[k] = numbers == Numbers.Integers ? 1 : 0.001f + (0.01f * random.NextSingle());
        for (int i = 0; i < weights.Length; i++) weights[i] = Math.Clamp(random.Next(-160, 161), -127, 127) * scales[i / (weights.Length / scales.Length)];
    }

    private static float[] Draw(TensorShape shape, Func<float> next)
    {
        float[] data = new float[shape.Elements];
        for (int i = 0; i < data.Length; i++) data[i] = next();
        return data;
    }

    /// <summary>Leaves as many weights as a layer may have, anywhere.</summary>
    private static void Prune(float[] weights, Sparse sparse, Random random)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        random.Shuffle(order);
        foreach (int i in order.Skip(sparse.Limit(weights.Length))) weights[i] = 0;
    }

    /// <summary>Leaves weights at as many places of all filters as a layer may have them.</summary>
    private static void PruneShared(float[] weights, int filter, Sparse sparse, Random random)
    {
        int[] order = [.. Enumerable.Range(0, filter)];
        random.Shuffle(order);
        HashSet<int> kept = [.. order.Take(sparse.SharedLimit(filter))];
        for (int i = 0; i < weights.Length; i++)
            if (!kept.Contains(i % filter)) weights[i] = 0;
    }

    /// <summary>Leaves the weights in these places.</summary>
    private static void Keep(float[] weights, IEnumerable<int> places)
    {
        HashSet<int> kept = [.. places];
        for (int i = 0; i < weights.Length; i++)
            if (!kept.Contains(i)) weights[i] = 0;
    }

    private static float Number(Numbers numbers, Random random, int limit) =>
        numbers == Numbers.Integers ? random.Next(-limit, limit + 1) : (random.NextSingle() * 2) - 1;

    /// <summary>Gives weights the form that a refinement promises; of signs each filter keeps the magnitude of its first weight.</summary>
    private static void Refine(Refinement refinement, float[] weights, int filters, Random random)
    {
        if (refinement is Sparse { Shared: true } shared) PruneShared(weights, weights.Length / filters, shared, random);
        else if (refinement is Sparse sparse) Prune(weights, sparse, random);
        int filter = weights.Length / filters;
        for (int i = 0; i < weights.Length; i++)
        {
            float alpha = Math.Abs(weights[i / filter * filter]);
            weights[i] = refinement switch
            {
                BinaryWeight => random.Next(2) == 0 ? -alpha : alpha,
                Bitwise => i % filter > 0 && random.Next(2) == 0 ? random.Next(2) == 0 ? -alpha : alpha : 0,
                DoReFa { Bits: var bits } => (2f * random.Next(1 << bits) / ((1 << bits) - 1)) - 1,
                _ => weights[i],
            };
            if (i % filter == 0 && refinement is Bitwise) weights[i] = alpha;
        }
    }

    /// <summary>Variances whose square roots are powers of two, and for reals positive.</summary>
    private static float Weight(Numbers numbers, Random random, string name)
    {
        if (!name.EndsWith(".running_var", StringComparison.Ordinal)) return Number(numbers, random, 3);
        return numbers == Numbers.Integers ? (random.Next(2) * 3) + 1 : random.NextSingle() + 0.5f;
    }

    /// <summary>FNV-1a: the same in every process, other than <see cref="string.GetHashCode()"/>.</summary>
    private static int Seed(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name) hash = unchecked((hash ^ c) * 16777619);
        return (int)hash;
    }
}
