using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>A layer whose channels go to one other layer only, through layers that treat each channel for itself.</summary>
/// <param name="Producer">The layer.</param>
/// <param name="Value">The node whose value the other layer reads, in front of a flattening.</param>
/// <param name="Consumer">The other layer.</param>
/// <param name="IsHomogeneous">f(λx) = λf(x) for λ > 0 holds for all between them.</param>
internal sealed record NeuronChain(int Producer, int Value, int Consumer, bool IsHomogeneous)
{
    /// <summary>The chains between the layers that a job may change.</summary>
    public static IEnumerable<NeuronChain> Of(CompressionJob job)
    {
        ILookup<int, int> readers = Readers(job.Model);
        foreach (int producer in job.Layers.Where(l => ChannelFlow.MixesChannels(job.Model.Nodes[l].Layer)))
        {
            bool homogeneous = true, flat = false;
            for (int node = producer, value = producer; Next(node) is int next; node = next)
            {
                Layer layer = job.Model.Nodes[next].Layer;
                if (job.Layers.Contains(next) && ChannelFlow.MixesChannels(layer))
                {
                    yield return new NeuronChain(producer, value, next, homogeneous);
                    break;
                }
                TensorShape x = job.Model.Nodes[node].Shape;
                bool flattens = layer is Reshape reshape && AttributeForm.FlattenAxis(reshape, x) == 1;
                if (!flattens && layer is not (Activation or BatchNorm or Pool or GlobalPool or Identity)) break;
                homogeneous &= layer is not (BatchNorm or Activation { Function: not (ActivationKind.Relu or ActivationKind.LeakyRelu) });
                flat |= flattens;
                if (!flat) value = next;
            }
        }

        int? Next(int node) => !job.Model.Outputs.Contains(node) && readers[node].Count() == 1 ? readers[node].Single() : null;
    }

    /// <summary>The layer's neurons, their outgoing weights those of the consumer.</summary>
    public Neurons Read(ImportedNetwork network)
    {
        (Node producer, Node consumer) = (network.Model.Nodes[Producer], network.Model.Nodes[Consumer]);
        float[] incoming = network.Weight(producer.Name + ".weight"), outgoing = network.Weight(consumer.Name + ".weight");
        int count = producer.Shape[1], length = incoming.Length / count, filters = consumer.Shape[1], taps = outgoing.Length / (filters * count);
        return new Neurons(
            [.. Enumerable.Range(0, count).Select(i => incoming[(i * length)..((i + 1) * length)])],
            network.Weights.TryGetValue(producer.Name + ".bias", out (int[], float[] Data) bias) ? [.. bias.Data] : new float[count],
            [.. Enumerable.Range(0, count).Select(c => Enumerable.Range(0, filters * taps).Select(i => outgoing[(((i / taps * count) + c) * taps) + (i % taps)]).ToArray())]);
    }

    /// <summary>The network with changed neurons.</summary>
    public ImportedNetwork Write(ImportedNetwork network, Neurons neurons)
    {
        (Node producer, Node consumer) = (network.Model.Nodes[Producer], network.Model.Nodes[Consumer]);
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(network.Weights, StringComparer.Ordinal);
        Replace(producer.Name + ".weight", [.. neurons.Incoming.SelectMany(w => w)]);
        if (weights.ContainsKey(producer.Name + ".bias")) Replace(producer.Name + ".bias", neurons.Bias);
        float[] outgoing = new float[weights[consumer.Name + ".weight"].Data.Length];
        int count = neurons.Count, taps = outgoing.Length / (consumer.Shape[1] * count);
        for (int c = 0; c < count; c++)
            for (int i = 0; i < neurons.Outgoing[c].Length; i++) outgoing[(((i / taps * count) + c) * taps) + (i % taps)] = neurons.Outgoing[c][i];
        Replace(consumer.Name + ".weight", outgoing);
        return network with { Weights = weights };

        void Replace(string name, float[] data) => weights[name] = (weights[name].Shape, data);
    }

    /// <summary>The nodes that read each node.</summary>
    public static ILookup<int, int> Readers(NetworkModel model) =>
        Enumerable.Range(0, model.Nodes.Count).SelectMany(i => model.Nodes[i].Inputs.Select(input => (Input: input, Reader: i))).ToLookup(r => r.Input, r => r.Reader);
}
